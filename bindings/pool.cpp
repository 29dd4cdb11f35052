#include "bindings/pool.hpp"

#include <new>
#include <utility>

namespace luamig::bindings {

struct pool::chunk {
  chunk* before = nullptr;
  alignas(grain) std::byte bytes[64 * 1024];
};

pool::~pool() {
  while (last_ != nullptr) delete std::exchange(last_, last_->before);
}

void* pool::carve(std::size_t size) noexcept {
  if (static_cast<std::size_t>(end_ - at_) < size) {
    auto* const next = new (std::nothrow) chunk;
    if (next == nullptr) return nullptr;
    next->before = std::exchange(last_, next);
    at_ = next->bytes;
    end_ = at_ + sizeof(next->bytes);
  }
  std::byte* const block = at_;
  at_ += size;
  return block;
}

}  // namespace luamig::bindings
