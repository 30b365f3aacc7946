// Computes maps on a thread of its own; only the newest request counts.
#pragma once

#include <QObject>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "widgets/plots/field_picture.h"

namespace basin {

/// `request` returns at once and drops whatever was asked before and is not yet delivered. `ready` comes on the thread
/// this object lives on; take() gives the newest picture once. The destructor waits for one row of a picture.
class FieldWorker : public QObject {
    Q_OBJECT

public:
    explicit FieldWorker(QObject* parent = nullptr);
    ~FieldWorker() override;

    void request(FieldRequest request);
    std::shared_ptr<const FieldPicture> take();

Q_SIGNALS:
    void ready();

private:
    void work(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::optional<FieldRequest> wanted_;
    std::stop_source current_;
    std::shared_ptr<const FieldPicture> done_;
    std::jthread thread_;
};

}  // namespace basin
