// Makes and destroys runs away from the window's thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/landscape/landscape.h"
#include "core/run/runner.h"
#include "core/run/spec.h"

namespace basin {

/// One thread that constructs Runners (which may read data for seconds) and lets old ones end. Only the newest order
/// counts: an older one that is still being made is thrown away when it is done. Calls return at once, but for the
/// destructor, which waits for the order in hand.
class RunBuilder {
public:
    struct Product {
        std::unique_ptr<Runner> runner;              // null when it failed
        std::shared_ptr<const Landscape> landscape;  // null for a network
        std::vector<std::string> metric_keys;
        std::size_t steps_per_epoch = 0;    // 0 where there are no epochs
        std::size_t training_examples = 0;  // 0 where there are no data
        std::string error;                  // one sentence when it failed
    };

    explicit RunBuilder(RunParts parts);
    ~RunBuilder();
    RunBuilder(const RunBuilder&) = delete;
    RunBuilder& operator=(const RunBuilder&) = delete;

    /// `old` is destroyed first, so that two runs never hold memory or cores at once.
    void order(ExperimentSpec spec, RunOptions options, std::unique_ptr<Runner> old);
    /// The newest order's product, once.
    std::optional<Product> take();
    bool busy() const;

private:
    struct Order {
        ExperimentSpec spec;
        RunOptions options;
    };
    void work(const std::stop_token& stop);
    Product make(const Order& order) const;

    const RunParts parts_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    std::optional<Order> order_;
    std::vector<std::unique_ptr<Runner>> old_;
    std::optional<Product> product_;
    bool making_ = false;
    std::jthread thread_;
};

}  // namespace basin
