#include "engine/record.hpp"

#include <bit>

namespace luamig::engine {
namespace {

bool has_bytes(db::cell_kind kind) {
  return kind == db::cell_kind::decimal || kind == db::cell_kind::text ||
         kind == db::cell_kind::blob || kind == db::cell_kind::array;
}

}  // namespace

void record_writer::put(std::int64_t number) {
  auto rest = static_cast<std::uint64_t>(number);
  for (int i = 0; i < 8; ++i, rest >>= 8U) bytes_ += static_cast<char>(rest & 0xFFU);
}

void record_writer::put(std::string_view text) {
  put(static_cast<std::int64_t>(text.size()));
  bytes_ += text;
}

void record_writer::put(const std::vector<db::column>& columns) {
  put(static_cast<std::int64_t>(columns.size()));
  for (const db::column& c : columns) {
    put(c.name);
    put(static_cast<std::int64_t>(c.kind));
    put(static_cast<std::int64_t>(c.element));
  }
}

void record_writer::put(const db::row_block& block) {
  put(static_cast<std::int64_t>(block.columns()));
  put(static_cast<std::int64_t>(block.rows()));
  for (std::size_t i = 0; i < block.rows() * block.columns(); ++i) {
    const db::cell& c = block.at(i / block.columns(), i % block.columns());
    put(static_cast<std::int64_t>(c.kind));
    if (has_bytes(c.kind)) {
      put(block.bytes(c));
    } else {
      put(c.kind == db::cell_kind::real ? std::bit_cast<std::int64_t>(c.real) : c.integer);
    }
  }
}

std::string_view record_reader::take(std::size_t size) {
  if (size > left_.size()) {
    throw error(errc::integrity, "a record of rows is damaged: it ends too early",
                "luamig_progress was changed by hand: restore it");
  }
  const std::string_view taken = left_.substr(0, size);
  left_.remove_prefix(size);
  return taken;
}

std::int64_t record_reader::number() {
  std::uint64_t n = 0;
  const std::string_view bytes = take(8);
  for (std::size_t i = 8; i-- > 0;) n = n << 8U | static_cast<unsigned char>(bytes[i]);
  return static_cast<std::int64_t>(n);
}

std::string_view record_reader::text() { return take(static_cast<std::size_t>(number())); }

std::vector<db::column> record_reader::columns() {
  std::vector<db::column> list;
  for (std::int64_t left = number(); left > 0; --left) {
    db::column& c = list.emplace_back();
    c.name = text();
    c.kind = static_cast<db::cell_kind>(number());
    c.element = static_cast<db::cell_kind>(number());
  }
  return list;
}

void record_reader::block(db::row_block& into) {
  const auto columns = static_cast<std::size_t>(number());
  const auto rows = static_cast<std::size_t>(number());
  into.clear(columns);
  for (std::size_t i = 0; i < rows * columns; ++i) cell(into);
}

void record_reader::cell(db::row_block& into) {
  switch (const auto kind = static_cast<db::cell_kind>(number()); kind) {
    case db::cell_kind::boolean:
      into.add_boolean(number() != 0);
      break;
    case db::cell_kind::integer:
      into.add_integer(number());
      break;
    case db::cell_kind::real:
      into.add_real(std::bit_cast<double>(number()));
      break;
    case db::cell_kind::null:
      static_cast<void>(number());
      into.add_null();
      break;
    default:
      into.add_bytes(kind, text());
      break;
  }
}

}  // namespace luamig::engine
