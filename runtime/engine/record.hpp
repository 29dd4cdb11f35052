#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "db/rows.hpp"

namespace luamig::engine {

/// Rows and numbers as bytes: what luamig_progress keeps of a step, and what is set aside in a
/// file. Numbers have eight bytes, least first; texts their length before them.
class record_writer {
 public:
  void put(std::int64_t number);
  void put(std::string_view text);
  void put(const std::vector<db::column>& columns);
  void put(const db::row_block& block);

  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads them in the same order. Bytes that end too early throw error{errc::integrity}.
class record_reader {
 public:
  explicit record_reader(std::string_view bytes) : left_(bytes) {}

  [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }
  [[nodiscard]] std::int64_t number();
  [[nodiscard]] std::string_view text();
  [[nodiscard]] std::vector<db::column> columns();
  void block(db::row_block& into);

 private:
  std::string_view take(std::size_t size);
  void cell(db::row_block& into);

  std::string_view left_;
};

}  // namespace luamig::engine
