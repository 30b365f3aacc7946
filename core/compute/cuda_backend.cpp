#include "core/compute/cuda_backend.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/compute/cuda/chain_bodies.h"
#include "core/compute/cuda_landscape.h"
#include "core/compute/cuda_memory.h"
#include "core/compute/pieces.h"

namespace basin {
namespace {

/// A stream of the plug-in's.
class CudaStream {
public:
    explicit CudaStream(const cuda::Table& table) : table_(table) { check_cuda(table, table.open(&stream_)); }
    ~CudaStream() { table_.close(stream_); }
    CudaStream(const CudaStream&) = delete;
    CudaStream& operator=(const CudaStream&) = delete;
    CUstream_st* get() const { return stream_; }

private:
    const cuda::Table& table_;
    CUstream_st* stream_ = nullptr;
};

/// The pieces of one chain on the device: remembered, because a method asks for the same ones at every step.
class PieceTable {
public:
    PieceTable(const cuda::Table& table, CUstream_st* stream) : table_(table), stream_(stream) {}

    /// The adaptive segments and what is between them, cut as on the CPU; or the filters as they are.
    cuda::Pieces cut(std::size_t chains, std::size_t dim, std::span<const Segment> adaptive)
    {
        if (!same(dim, adaptive, true)) {
            std::vector<cuda::ChainPiece> pieces;
            for (const Piece& piece : pieces_of(dim, adaptive)) {
                pieces.push_back({piece.at.offset, piece.at.size, piece.adaptive ? 1U : 0U});
            }
            keep(dim, adaptive, true, pieces);
        }
        return all(chains, dim);
    }
    cuda::Pieces whole(std::size_t chains, std::size_t dim, std::span<const Segment> filters)
    {
        if (!same(dim, filters, false)) {
            std::vector<cuda::ChainPiece> pieces;
            for (const Segment& filter : filters) {
                pieces.push_back({filter.offset, filter.size, 0});
            }
            keep(dim, filters, false, pieces);
        }
        return all(chains, dim);
    }

private:
    bool same(std::size_t dim, std::span<const Segment> segments, bool cut) const
    {
        return dim_ == dim && cut_ == cut &&
               std::equal(segments.begin(), segments.end(), segments_.begin(), segments_.end());
    }
    void keep(std::size_t dim, std::span<const Segment> segments, bool cut, const std::vector<cuda::ChainPiece>& pieces)
    {
        dim_ = 0;  // known again when the device has them
        cuda::ChainPiece* to = on_device_.reserve(table_, stream_, pieces.size());
        check_cuda(table_, table_.upload(stream_, to, pieces.data(), pieces.size() * sizeof(cuda::ChainPiece)));
        segments_.assign(segments.begin(), segments.end());
        count_ = pieces.size();
        cut_ = cut;
        dim_ = dim;
    }
    cuda::Pieces all(std::size_t chains, std::size_t dim)
    {
        const std::uint64_t count = chains * count_;
        return {.pieces = on_device_.reserve(table_, stream_, count_),
                .pieces_a_chain = count_,
                .chains = chains,
                .dim = dim,
                .partial = partial_.reserve(table_, stream_, count * cuda::kPartials),
                .sums = sums_.reserve(table_, stream_, count),
                .factors = factors_.reserve(table_, stream_, count)};
    }

    const cuda::Table& table_;
    CUstream_st* stream_;
    std::size_t dim_ = 0;
    bool cut_ = false;
    std::vector<Segment> segments_;
    std::uint64_t count_ = 0;
    CudaScratch<cuda::ChainPiece> on_device_;
    CudaScratch<double> partial_;
    CudaScratch<double> sums_;
    CudaScratch<float> factors_;
};

class CudaBackend final : public Backend {
public:
    CudaBackend(const CudaLibrary& library, int threads)
        : table_(*library.table),
          name_("CUDA, " + library.info.name),
          host_(make_cpu_backend(threads)),
          stream_(table_),
          pieces_(table_, stream_.get())
    {
    }

    std::string name() const override { return name_; }
    int threads() const override { return host_->threads(); }
    Isa isa() const override { return host_->isa(); }
    Device device() const override { return Device::cuda; }
    Backend& host() override { return *host_; }
    void* stream() const override { return stream_.get(); }
    void finish() override { check(table_.wait(stream_.get())); }

    DeviceLandscape* landscape(std::string_view key) override
    {
        for (std::uint64_t i = 0; i < table_.landscape_count; ++i) {
            const cuda::LandscapeRow& row = table_.landscapes[i];
            if (key == row.key) {
                auto& made = landscapes_[&row];
                if (made == nullptr) {
                    made = std::make_unique<CudaLandscape>(table_, stream_.get(), row);
                }
                return made.get();
            }
        }
        return nullptr;
    }

    Buffer allocate(std::size_t size) override
    {
        CudaBytes bytes = allocate_cuda(table_, stream_.get(), size * sizeof(float));
        return Buffer(static_cast<float*>(bytes.release()), size,
                      [release = table_.release](float* data) { release(data); });
    }

    void upload(float* to, std::span<const float> from) override
    {
        check(table_.upload(stream_.get(), to, from.data(), from.size_bytes()));
    }
    void download(std::span<float> to, const float* from) override
    {
        check(table_.download(stream_.get(), to.data(), from, to.size_bytes()));
    }
    void copy(float* to, const float* from, std::size_t size) override
    {
        check(table_.copy(stream_.get(), to, from, size * sizeof(float)));
    }

    void download_some(std::span<float> to, const float* from, std::size_t chains, std::size_t dim) override
    {
        float* gathered = gathered_.reserve(table_, stream_.get(), to.size());
        check(table_.gather(stream_.get(), gathered, to.size() / dim, from, chains, dim));
        download(to, gathered);
    }

    void perturb(float* y, const float* x, std::size_t size, float scale, NoiseKind kind, RngKey key) override
    {
        check(table_.perturb(stream_.get(), y, x, size, scale, kind, &key));
    }
    void descend(float* theta, float* momentum_buffer, const float* gradient, std::size_t size,
                 const Descent& descent) override
    {
        check(table_.descend(stream_.get(), theta, momentum_buffer, gradient, size, &descent));
    }
    void adapt(float* theta, float* first_moment, float* second_moment, float* largest, const float* gradient,
               std::size_t size, const Adaptation& adaptation) override
    {
        check(table_.adapt(stream_.get(), theta, first_moment, second_moment, largest, gradient, size, &adaptation));
    }
    void add_scaled(float* y, float a, const float* x, std::size_t size) override
    {
        check(table_.add_scaled(stream_.get(), y, a, x, size));
    }
    void scale(float* y, float a, std::size_t size) override { check(table_.scale(stream_.get(), y, a, size)); }

    void ascend(float* y, const float* x, const float* g, std::size_t chains, std::size_t dim, float radius) override
    {
        if (dim == 2) {
            check(table_.ascend_pairs(stream_.get(), y, x, g, chains, radius));
            return;
        }
        const cuda::Pieces pieces = pieces_.cut(chains, dim, {});
        check(table_.ascend_pieces(stream_.get(), &pieces, y, x, g, static_cast<double>(radius), 1e-12, 0));
    }
    void ascend_adaptive(float* y, const float* x, const float* g, std::size_t chains, std::size_t dim,
                         std::span<const Segment> adaptive, float radius, float eta) override
    {
        if (is_covered_pair(dim, adaptive)) {
            check(table_.ascend_adaptive_pairs(stream_.get(), y, x, g, chains, radius, eta));
            return;
        }
        const cuda::Pieces pieces = pieces_.cut(chains, dim, adaptive);
        check(table_.ascend_pieces(stream_.get(), &pieces, y, x, g, static_cast<double>(radius), 1e-16, eta));
    }
    void perturb_filters(float* y, const float* x, std::size_t chains, std::size_t dim,
                         std::span<const Segment> filters, float scale, RngKey key) override
    {
        if (dim == 2 && filters.size() == 1) {
            check(table_.perturb_pairs(stream_.get(), y, x, chains, scale, &key));
            return;
        }
        const cuda::Pieces pieces = pieces_.whole(chains, dim, filters);
        check(table_.perturb_pieces(stream_.get(), &pieces, y, x, scale, &key));
    }

    /// On the host's threads; the body may touch the host's memory only.
    void for_blocks(std::size_t count, std::size_t grain,
                    const std::function<void(std::size_t, std::size_t)>& body) override
    {
        host_->for_blocks(count, grain, body);
    }

private:
    void check(cuda::Status status) const { check_cuda(table_, status); }

    const cuda::Table& table_;
    std::string name_;
    std::unique_ptr<Backend> host_;
    CudaStream stream_;
    PieceTable pieces_;
    CudaScratch<float> gathered_;
    std::map<const cuda::LandscapeRow*, std::unique_ptr<CudaLandscape>> landscapes_;
};

}  // namespace

std::unique_ptr<Backend> make_cuda_backend(const CudaLibrary& library, int threads)
{
    return std::make_unique<CudaBackend>(library, threads);
}

}  // namespace basin
