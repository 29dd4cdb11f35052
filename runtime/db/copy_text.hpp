#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "db/rows.hpp"

namespace luamig::db {

/// The rows from `first` up to `last` as COPY … FROM STDIN reads them: a line each, tabs between
/// the columns, \N for NULL. It lies in `room`, which grows to what it needs and may be used again.
[[nodiscard]] std::string_view copy_text(const row_block& rows, std::size_t first, std::size_t last,
                                         std::vector<char>& room);

}  // namespace luamig::db
