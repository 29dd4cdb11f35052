#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "db/postgres_pipeline.hpp"
#include "db/row_target.hpp"
#include "db/rows.hpp"

namespace luamig::db {

/// Rows on their way into one table by COPY. Those whose cells have the binary forms of the target
/// go in binary; from the first row that has another cell on all of them go as texts, by a COPY of
/// their own.
class postgres_rows {
 public:
  /// Begins; as postgres_pipeline::begin_copy.
  postgres_rows(postgres_pipeline& by, row_target into);

  void add(const row_block& rows, std::size_t first, std::size_t last);
  /// What became of all of them.
  [[nodiscard]] row_outcome end();

 private:
  void begin_texts();
  [[nodiscard]] row_outcome end_copy();

  postgres_pipeline& by_;
  row_target into_;  // without forms: as texts
  std::vector<char> room_;
  std::int64_t sent_ = 0;             // rows, by the COPY under way
  std::int64_t sent_before_ = 0;      // by the one before
  std::int64_t written_before_ = 0;   // of those
  std::optional<row_outcome> ended_;  // where that one failed
};

}  // namespace luamig::db
