#include "core/network/chunk_products.h"

namespace basin {
namespace {

using Tensors = std::vector<at::Tensor>;

class GraphProducts : public ChunkProducts {
public:
    explicit GraphProducts(const Chunk& chunk) : loss_(chunk.loss), count_(chunk.count), parameters_(chunk.parameters)
    {
        const at::AutoGradMode mode(true);
        outputs_ = chunk.outputs();
        slope_ = loss_slope(loss_, outputs_, chunk.targets) / count_;
        gradient_ = torch::autograd::grad({outputs_}, parameters_, {slope_}, true, true);
    }

    Tensors product(CurvatureMatrix matrix, const Tensors& v) override
    {
        if (matrix == CurvatureMatrix::hessian)
            return torch::autograd::grad(gradient_, parameters_, v, true, false, true);
        const at::Tensor tangents = torch::autograd::grad(gradient_, {slope_}, v, true).front();
        const at::Tensor u = pulled_back(matrix, loss_, outputs_.detach(), slope_.detach(), tangents, count_);
        return torch::autograd::grad({outputs_}, parameters_, {u}, true, false, true);
    }

private:
    NetworkLoss loss_;
    double count_;
    Tensors parameters_;
    at::Tensor outputs_;
    at::Tensor slope_;  // r / n
    Tensors gradient_;
};

}  // namespace

std::unique_ptr<ChunkProducts> graph_products(const Chunk& chunk)
{
    return std::make_unique<GraphProducts>(chunk);
}

at::Tensor pulled_back(CurvatureMatrix matrix, NetworkLoss loss, const at::Tensor& outputs, const at::Tensor& slope,
                       const at::Tensor& tangents, double count)
{
    if (matrix == CurvatureMatrix::gauss_newton)
        return loss_curvature(loss, outputs, tangents) / count;
    return slope * (count * slope * tangents).sum(1, true);
}

}  // namespace basin
