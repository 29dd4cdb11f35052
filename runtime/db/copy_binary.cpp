#include "db/copy_binary.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>

namespace luamig::db {
namespace {

constexpr std::size_t most_of_scalar = 24;  // bytes, of an integer's digits too
constexpr std::size_t most_beside = 4;      // the size before a cell
constexpr std::size_t most_of_head = 2;     // the count before a row

/// The highest byte first.
template <typename Unsigned>
char* write_number(Unsigned n, char* to) {
  for (std::size_t i = 0; i < sizeof n; ++i)
    to[i] = static_cast<char>(n >> (8 * (sizeof n - 1 - i)));
  return to + sizeof n;
}

char* write_bytes(std::string_view bytes, char* to) {
  to = write_number(static_cast<std::uint32_t>(bytes.size()), to);
  std::memcpy(to, bytes.data(), bytes.size());
  return to + bytes.size();
}

template <typename Integer, typename Unsigned>
char* write_integer(std::optional<std::int64_t> n, char* to) {
  if (!n || *n < std::numeric_limits<Integer>::min() || *n > std::numeric_limits<Integer>::max())
    return nullptr;
  to = write_number(static_cast<std::uint32_t>(sizeof(Integer)), to);
  return write_number(static_cast<Unsigned>(static_cast<Integer>(*n)), to);
}

std::optional<std::int64_t> integer_of(const row_block& rows, const cell& c) {
  if (c.kind == cell_kind::integer) return c.integer;
  if (c.kind != cell_kind::text) return std::nullopt;
  const std::string_view text = rows.bytes(c);
  std::int64_t n = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

/// What is behind the cell; null where it has not this form.
char* write_cell(const row_block& rows, const cell& c, binary_form form, char* to) {
  if (c.kind == cell_kind::null) return write_number(~std::uint32_t{0}, to);
  switch (form) {
    case binary_form::int2:
      return write_integer<std::int16_t, std::uint16_t>(integer_of(rows, c), to);
    case binary_form::int4:
      return write_integer<std::int32_t, std::uint32_t>(integer_of(rows, c), to);
    case binary_form::int8:
      return write_integer<std::int64_t, std::uint64_t>(integer_of(rows, c), to);
    case binary_form::text: {
      if (c.kind == cell_kind::text) return write_bytes(rows.bytes(c), to);
      if (c.kind != cell_kind::integer) return nullptr;
      char* const end =
          std::to_chars(to + most_beside, to + most_beside + most_of_scalar, c.integer).ptr;
      write_number(static_cast<std::uint32_t>(end - to - static_cast<std::ptrdiff_t>(most_beside)),
                   to);
      return end;
    }
    case binary_form::boolean:
      if (c.kind != cell_kind::boolean) return nullptr;
      return write_bytes(c.integer != 0 ? std::string_view("\1", 1) : std::string_view("\0", 1),
                         to);
    case binary_form::bytea:
      return c.kind == cell_kind::blob ? write_bytes(rows.bytes(c), to) : nullptr;
  }
  return nullptr;
}

/// The same for a row.
char* write_row(const row_block& rows, std::span<const cell> cells,
                std::span<const binary_form> forms, char* to) {
  to = write_number(static_cast<std::uint16_t>(cells.size()), to);
  for (std::size_t i = 0; i < cells.size() && to != nullptr; ++i)
    to = write_cell(rows, cells[i], forms[i], to);
  return to;
}

}  // namespace

std::string_view copy_binary(const row_block& rows, std::size_t& first, std::size_t last,
                             std::span<const binary_form> forms, std::vector<char>& room) {
  const std::size_t columns = rows.columns();
  const auto cells = rows.cells().subspan(first * columns, (last - first) * columns);
  std::size_t most = (last - first) * most_of_head;
  for (const cell& c : cells)
    most += most_beside + (c.kind < cell_kind::decimal ? most_of_scalar : c.size + most_of_scalar);
  if (room.size() < most) room.resize(most);
  char* to = room.data();
  for (std::size_t at = 0; at < cells.size(); at += columns, ++first) {
    char* const end = write_row(rows, cells.subspan(at, columns), forms, to);
    if (end == nullptr) break;
    to = end;
  }
  return {room.data(), static_cast<std::size_t>(to - room.data())};
}

}  // namespace luamig::db
