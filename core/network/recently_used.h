// Values that are made when they are asked for and kept for a while.
#pragma once

#include <algorithm>
#include <cstddef>
#include <list>

namespace basin {

/// The values of the keys that were asked for last; others are made again. A value stays where it is while it is
/// remembered. One caller at a time.
template <class Key, class Value>
class RecentlyUsed {
public:
    struct Entry {
        Key key;
        Value value;
    };

    explicit RecentlyUsed(std::size_t most) : most_(most) {}

    /// What make() gives, the first time.
    template <class Make>
    Value& of(const Key& key, const Make& make)
    {
        const auto known =
            std::find_if(entries_.begin(), entries_.end(), [&key](const Entry& entry) { return entry.key == key; });
        if (known != entries_.end()) {
            entries_.splice(entries_.begin(), entries_, known);
        } else {
            entries_.push_front({key, make()});
            if (entries_.size() > most_) {
                entries_.pop_back();
            }
        }
        return entries_.front().value;
    }
    /// The newest first.
    const std::list<Entry>& entries() const { return entries_; }

private:
    std::size_t most_;
    std::list<Entry> entries_;
};

}  // namespace basin
