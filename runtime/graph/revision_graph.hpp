#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_list.hpp"
#include "graph/adjacency.hpp"
#include "graph/revision.hpp"

namespace luamig::graph {

/// A revision under one of its names: its id or a branch label.
struct named_revision {
  std::string name;
  node revision = 0;
};

/// The DAG of all revisions in a script directory. Immutable once built; linear in its size.
///
/// It keeps ids, files and edges, a hundred bytes or so for a revision, not the declarations.
/// D(x) = down_revision(x) ∪ depends_on(x), labels resolved. Every list it returns is in load order
/// unless it says otherwise.
class revision_graph {
 public:
  revision_graph() = default;

  /// Throws error{errc::graph} on a duplicate id or label, an unknown parent, a self reference, a
  /// cycle or an illegal id; the message names every revision involved and its file, and `kind` is
  /// the category: "illegal_char", "reserved", "too_long", "duplicate_id", "duplicate_label",
  /// "duplicate_parent", "unknown_revision", "self_loop", "dep_self_loop", "cycle", "dep_cycle".
  explicit revision_graph(std::vector<revision> revisions);

  [[nodiscard]] std::size_t size() const noexcept { return ids_.size(); }
  [[nodiscard]] const std::string& id(node n) const { return ids_[n]; }
  /// The file that declares it, as it was given; may be empty.
  [[nodiscard]] std::string_view origin(node n) const { return origins_[n]; }
  /// All declarations, made again from the edges: labels in `depends_on` have become ids.
  [[nodiscard]] std::vector<revision> revisions() const;
  /// The node with exactly this id.
  [[nodiscard]] std::optional<node> find(std::string_view id) const;
  /// The revision that declares this branch label.
  [[nodiscard]] std::optional<node> find_label(std::string_view label) const;
  /// Every branch label and the revision that declares it, sorted by label.
  [[nodiscard]] const std::vector<named_revision>& branch_labels() const noexcept {
    return by_label_;
  }
  /// Every id and label that begins so and is longer than 3 characters; ids first, each sorted.
  [[nodiscard]] std::vector<named_revision> beginning_with(std::string_view prefix) const;

  /// Parents over down_revision, over depends_on (labels resolved), and over both (D).
  [[nodiscard]] std::span<const node> down(node n) const { return down_[n]; }
  [[nodiscard]] std::span<const node> dependencies(node n) const { return dependencies_[n]; }
  [[nodiscard]] std::span<const node> parents(node n) const { return parents_[n]; }
  /// Children over down_revision, and over D.
  [[nodiscard]] std::span<const node> next(node n) const { return next_[n]; }
  [[nodiscard]] std::span<const node> children(node n) const { return children_[n]; }

  /// Without a child over down_revision / over D. `real_heads` is what `upgrade heads` leaves.
  [[nodiscard]] std::vector<node> heads() const;
  [[nodiscard]] std::vector<node> real_heads() const;
  /// Without a parent over down_revision.
  [[nodiscard]] std::vector<node> bases() const;
  [[nodiscard]] std::vector<node> branch_points() const;  ///< more than one next()
  [[nodiscard]] bool is_head(node n) const { return next_[n].empty(); }
  [[nodiscard]] bool is_real_head(node n) const { return children_[n].empty(); }

  /// The labels that are shown for a revision, sorted: its own and those below it over
  /// down_revision. A revision whose way up is one line without branch or merge shows those of the
  /// head at its end.
  [[nodiscard]] std::vector<std::string> labels(node n) const;

  /// All of `start` and everything below it over D, as flags by node.
  [[nodiscard]] std::vector<bool> closure(std::span<const node> start) const;
  /// The members of `set` (flags by node) that no other member has below it: the minimal rows.
  [[nodiscard]] std::vector<node> maximal(const std::vector<bool>& set) const;
  /// All revisions, every one after all of D(x); ties by load order.
  [[nodiscard]] const std::vector<node>& topological_order() const noexcept { return order_; }

 private:
  // Nothing here is part of the contract. Indexes hold nodes, not views, so that a copy stands
  // alone.
  void index_ids(std::vector<revision>& declared);
  void index_labels(const std::vector<revision>& declared);
  void link(const std::vector<revision>& declared);
  void sort();
  void spread_labels();
  [[nodiscard]] node parent_named(node child, std::string_view name, std::string_view field,
                                  bool label_too) const;

  std::vector<std::string> ids_;
  text_list origins_;
  std::vector<node> by_id_;               // sorted by id
  std::vector<named_revision> by_label_;  // sorted by label
  adjacency down_, dependencies_, parents_, next_, children_;
  std::vector<node> order_;
  std::vector<std::vector<std::string>> label_sets_;  // each set once; [0] is empty
  std::vector<std::uint32_t> label_set_of_;
};

}  // namespace luamig::graph
