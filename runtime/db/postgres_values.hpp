#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "db/libpq_library.hpp"
#include "db/rows.hpp"

namespace luamig::db {

/// Values as libpq takes them. Text and bytes are not copied: the values must outlive it.
class wire_values {
 public:
  /// Throws error{errc::migration} for what PostgreSQL could not hold unchanged.
  explicit wire_values(std::span<const value> values);

  [[nodiscard]] int count() const noexcept { return static_cast<int>(types.size()); }

  std::vector<Oid> types;
  std::vector<const char*> data;
  std::vector<int> lengths;
  std::vector<int> formats;

 private:
  std::vector<std::string> own_;
};

[[nodiscard]] std::vector<column> columns_of(const libpq_library& pq, const PGresult* from);

/// Adds the rows from `first` up to `last` (not with it).
void add_rows(const libpq_library& pq, const PGresult* from, std::span<const column> columns,
              int first, int last, row_block& into);

}  // namespace luamig::db
