#pragma once

#include <cstddef>
#include <string>

#include "db/rows.hpp"

namespace luamig::db {

/// Adds the rows from `first` up to `last` as COPY … FROM STDIN reads them: a line each, tabs
/// between the columns, \N for NULL.
void append_copy_text(const row_block& rows, std::size_t first, std::size_t last, std::string& to);

}  // namespace luamig::db
