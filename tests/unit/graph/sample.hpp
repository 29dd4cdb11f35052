#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "graph/plan.hpp"
#include "graph/revision_graph.hpp"
#include "graph/target.hpp"

namespace luamig::graph {

using names = std::vector<std::string>;

/// A revision in a file of its name.
inline revision rev(std::string id, names down = {}, names depends_on = {}, names labels = {}) {
  std::string origin = "versions/" + id + ".lua";
  return {std::move(id), std::move(down), std::move(depends_on), std::move(labels),
          std::move(origin)};
}

inline names ids(const revision_graph& graph, const std::vector<node>& nodes) {
  names result;
  for (const node n : nodes) result.push_back(graph.id(n));
  return result;
}

inline names revisions(const plan& p) {
  names result;
  for (const step& s : p.steps) result.push_back(s.revision);
  return result;
}

/// The error that the call ends with.
template <typename Call>
error error_of(Call call) {
  try {
    (void)call();
  } catch (const error& problem) {
    return problem;
  }
  FAIL("no error");
  return {errc::graph, ""};
}

/// one - two - three
inline revision_graph line() {
  return revision_graph({rev("one1"), rev("two2", {"one1"}), rev("three3", {"two2"})});
}

/// base - left - left2
///      \ right (right)
inline revision_graph two_branches() {
  return revision_graph({rev("base1"), rev("left1", {"base1"}), rev("left2", {"left1"}),
                         rev("right1", {"base1"}, {}, {"right"})});
}

/// shop1 - shop2, pay1 - pay2; pay2 depends on shop2
inline revision_graph two_products() {
  return revision_graph({rev("shop1", {}, {}, {"shop"}), rev("shop2", {"shop1"}),
                         rev("pay1", {}, {}, {"pay"}), rev("pay2", {"pay1"}, {"shop2"})});
}

}  // namespace luamig::graph
