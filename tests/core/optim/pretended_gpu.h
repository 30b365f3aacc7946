// A CPU that says it is a GPU: for what is done differently there, without one.
#pragma once

#include <memory>

#include "core/compute/backend.h"

namespace basin::testing {

/// Every verb is the CPU's; counts how often numbers are brought back.
class PretendedGpu : public Backend {
public:
    std::size_t downloads = 0;

    std::string name() const override { return "pretended GPU"; }
    int threads() const override { return cpu_->threads(); }
    Isa isa() const override { return cpu_->isa(); }
    Device device() const override { return Device::cuda; }
    Backend& host() override { return *cpu_; }
    Buffer allocate(std::size_t size) override { return cpu_->allocate(size); }
    void upload(float* to, std::span<const float> from) override { cpu_->upload(to, from); }
    void download(std::span<float> to, const float* from) override
    {
        ++downloads;
        cpu_->download(to, from);
    }
    void download_some(std::span<float> to, const float* from, std::size_t chains, std::size_t dim) override
    {
        ++downloads;
        cpu_->download_some(to, from, chains, dim);
    }
    void copy(float* to, const float* from, std::size_t size) override { cpu_->copy(to, from, size); }
    void perturb(float* y, const float* x, std::size_t size, float scale, NoiseKind kind, RngKey key) override
    {
        cpu_->perturb(y, x, size, scale, kind, key);
    }
    void descend(float* theta, float* momentum_buffer, const float* gradient, std::size_t size,
                 const Descent& descent) override
    {
        cpu_->descend(theta, momentum_buffer, gradient, size, descent);
    }
    void adapt(float* theta, float* first_moment, float* second_moment, float* largest, const float* gradient,
               std::size_t size, const Adaptation& adaptation) override
    {
        cpu_->adapt(theta, first_moment, second_moment, largest, gradient, size, adaptation);
    }
    void add_scaled(float* y, float a, const float* x, std::size_t size) override { cpu_->add_scaled(y, a, x, size); }
    void scale(float* y, float a, std::size_t size) override { cpu_->scale(y, a, size); }
    void ascend(float* y, const float* x, const float* g, std::size_t chains, std::size_t dim, float radius) override
    {
        cpu_->ascend(y, x, g, chains, dim, radius);
    }
    void ascend_adaptive(float* y, const float* x, const float* g, std::size_t chains, std::size_t dim,
                         std::span<const Segment> adaptive, float radius, float eta) override
    {
        cpu_->ascend_adaptive(y, x, g, chains, dim, adaptive, radius, eta);
    }
    void perturb_filters(float* y, const float* x, std::size_t chains, std::size_t dim,
                         std::span<const Segment> filters, float scale, RngKey key) override
    {
        cpu_->perturb_filters(y, x, chains, dim, filters, scale, key);
    }
    void for_blocks(std::size_t count, std::size_t grain,
                    const std::function<void(std::size_t, std::size_t)>& body) override
    {
        cpu_->for_blocks(count, grain, body);
    }

private:
    std::unique_ptr<Backend> cpu_ = make_cpu_backend(1);
};

}  // namespace basin::testing
