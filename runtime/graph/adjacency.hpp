#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace luamig::graph {

/// A revision's place in the graph's load order.
using node = std::uint32_t;

/// The edges of a graph: for every node the nodes it leads to, all in one block of memory.
class adjacency {
 public:
  adjacency() = default;

  /// Adds one more node, with an edge to each of these, in that order.
  void append(std::span<const node> targets);

  [[nodiscard]] std::span<const node> operator[](node n) const {
    return {targets_.data() + offsets_[n], targets_.data() + offsets_[n + 1]};
  }
  [[nodiscard]] std::size_t size() const noexcept { return offsets_.size() - 1; }
  /// The same edges the other way round; each list is in load order.
  [[nodiscard]] adjacency reversed() const;

 private:
  std::vector<std::uint32_t> offsets_{0};
  std::vector<node> targets_;
};

}  // namespace luamig::graph
