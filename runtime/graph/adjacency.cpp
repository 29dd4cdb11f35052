#include "graph/adjacency.hpp"

namespace luamig::graph {

void adjacency::append(std::span<const node> targets) {
  targets_.insert(targets_.end(), targets.begin(), targets.end());
  offsets_.push_back(static_cast<std::uint32_t>(targets_.size()));
}

adjacency adjacency::reversed() const {
  adjacency result;
  result.offsets_.assign(offsets_.size(), 0);
  for (const node to : targets_) ++result.offsets_[to + 1];
  for (std::size_t i = 1; i < offsets_.size(); ++i) result.offsets_[i] += result.offsets_[i - 1];
  std::vector<std::uint32_t> place(result.offsets_.begin(), result.offsets_.end() - 1);
  result.targets_.resize(targets_.size());
  for (node from = 0; from < size(); ++from) {
    for (const node to : (*this)[from]) result.targets_[place[to]++] = from;
  }
  return result;
}

}  // namespace luamig::graph
