#pragma once

#include <cstddef>
#include <cstdio>
#include <deque>
#include <memory>

#include "db/rows.hpp"

namespace luamig::engine {

/// Blocks of rows set aside, first in, first out: in memory up to a limit, then in a temporary file
/// without a name. Filled once, then read.
class spool {
 public:
  static constexpr std::size_t memory_limit = 8 * 1024 * 1024;  ///< bytes

  explicit spool(std::size_t limit = memory_limit) : limit_(limit) {}

  /// Throws error{errc::migration} when the temporary file cannot be written.
  void add(const db::row_block& block);
  /// The next block; false when there is none.
  bool next(db::row_block& into);

 private:
  struct close_file {
    void operator()(std::FILE* f) const noexcept { std::fclose(f); }
  };
  void write(const db::row_block& block);
  bool read(db::row_block& into);

  std::size_t limit_;
  std::size_t held_ = 0;
  std::deque<db::row_block> memory_;
  std::unique_ptr<std::FILE, close_file> file_;
  bool reading_ = false;
};

}  // namespace luamig::engine
