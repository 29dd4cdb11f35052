#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace luamig::cli {

/// One revision as output shows it.
struct revision_view {
  std::string revision;
  std::string message;
  std::string notes;
  std::string path;  ///< as a person would open it from here
  std::vector<std::string> down_revision;
  std::vector<std::string> depends_on;
  std::vector<std::string> branch_labels;  ///< its own and those of its branch
  std::vector<std::string> next;           ///< children over down_revision
  bool head = false;                       ///< nothing stands on it
  bool effective_head = false;             ///< no child, but another branch depends on it
  bool branch_point = false;
  bool merge_point = false;
  std::optional<bool> current;  ///< a row of the version table, where a database was asked
  std::string state;            ///< "applied" or "pending", where a database was asked
};

/// Revisions to be gone through once, each made when its turn comes: a long history is printed, not
/// held.
class revision_list {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = revision_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const revision_view*;
    using reference = revision_view;

    iterator(const revision_list& of, std::size_t at) : of_(&of), at_(at) {}
    revision_view operator*() const { return of_->make_(at_); }
    iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator==(const iterator& other) const noexcept { return at_ == other.at_; }

   private:
    const revision_list* of_;
    std::size_t at_;
  };

  revision_list() = default;
  revision_list(std::size_t size, std::function<revision_view(std::size_t)> make)
      : size_(size), make_(std::move(make)) {}
  /// Those of a list that is there already.
  revision_list(std::vector<revision_view> items)
      : size_(items.size()), make_([kept = std::move(items)](std::size_t i) { return kept[i]; }) {}
  revision_list(std::initializer_list<revision_view> items)
      : revision_list(std::vector<revision_view>(items)) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] iterator begin() const { return {*this, 0}; }
  [[nodiscard]] iterator end() const { return {*this, size_}; }

 private:
  std::size_t size_ = 0;
  std::function<revision_view(std::size_t)> make_;
};

}  // namespace luamig::cli
