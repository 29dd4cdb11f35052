#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "db/row_target.hpp"
#include "db/rows.hpp"

namespace luamig::db {

// Rows as COPY … FROM STDIN (FORMAT binary) reads them (PostgreSQL's documentation of COPY, "Binary
// Format"): a head, the rows, an end. The server has nothing to parse then.
inline constexpr std::string_view copy_binary_head{"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19};
inline constexpr std::string_view copy_binary_end{"\xff\xff", 2};

/// The rows from `first` up to `last`, or up to one of which a cell has not the form of its column:
/// what such a value means is for the server to say, as a text. `first` becomes the row behind
/// those that are given. They lie in `room`, which grows to what it needs and may be used again.
[[nodiscard]] std::string_view copy_binary(const row_block& rows, std::size_t& first,
                                           std::size_t last, std::span<const binary_form> forms,
                                           std::vector<char>& room);

}  // namespace luamig::db
