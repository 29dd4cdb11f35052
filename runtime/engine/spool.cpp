#include "engine/spool.hpp"

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace luamig::engine {
namespace {

[[noreturn]] void fail(const char* doing) {
  throw error(errc::migration,
              std::string("cannot ") + doing +
                  " the temporary file for rows set aside: " + std::strerror(errno),
              "free space in the temporary directory (TMPDIR)");
}

template <class T>
void put(std::FILE* f, const T& value) {
  if (std::fwrite(&value, sizeof value, 1, f) != 1) fail("write");
}

template <class T>
T get(std::FILE* f) {
  T value{};
  if (std::fread(&value, sizeof value, 1, f) != 1) fail("read");
  return value;
}

bool has_bytes(db::cell_kind kind) {
  return kind == db::cell_kind::decimal || kind == db::cell_kind::text ||
         kind == db::cell_kind::blob || kind == db::cell_kind::array;
}

void put_cell(std::FILE* f, const db::row_block& block, const db::cell& c) {
  put(f, c.kind);
  if (!has_bytes(c.kind)) {
    put(f, c.integer);  // the union's eight bytes, whichever member they are
    return;
  }
  const std::string_view bytes = block.bytes(c);
  put(f, bytes.size());
  if (std::fwrite(bytes.data(), 1, bytes.size(), f) != bytes.size()) fail("write");
}

void get_cell(std::FILE* f, db::row_block& into, std::string& buffer) {
  const auto kind = get<db::cell_kind>(f);
  if (has_bytes(kind)) {
    buffer.resize(get<std::size_t>(f));
    if (std::fread(buffer.data(), 1, buffer.size(), f) != buffer.size()) fail("read");
    into.add_bytes(kind, buffer);
    return;
  }
  db::cell c;
  c.integer = get<std::int64_t>(f);
  switch (kind) {
    case db::cell_kind::boolean:
      into.add_boolean(c.integer != 0);
      break;
    case db::cell_kind::integer:
      into.add_integer(c.integer);
      break;
    case db::cell_kind::real:
      into.add_real(c.real);
      break;
    default:
      into.add_null();
      break;
  }
}

}  // namespace

void spool::add(const db::row_block& block) {
  if (block.rows() == 0) return;
  if (file_ == nullptr && held_ + block.memory() <= limit_) {
    held_ += block.memory();
    memory_.push_back(block);
    return;
  }
  if (file_ == nullptr) file_.reset(std::tmpfile());
  if (file_ == nullptr) fail("make");
  write(block);
}

void spool::write(const db::row_block& block) {
  std::FILE* const f = file_.get();
  put(f, block.columns());
  put(f, block.rows());
  for (std::size_t r = 0; r < block.rows(); ++r) {
    for (std::size_t c = 0; c < block.columns(); ++c) put_cell(f, block, block.at(r, c));
  }
}

bool spool::next(db::row_block& into) {
  if (!memory_.empty()) {
    into = std::move(memory_.front());
    memory_.pop_front();
    return true;
  }
  return file_ != nullptr && read(into);
}

bool spool::read(db::row_block& into) {
  std::FILE* const f = file_.get();
  if (!reading_) {
    if (std::fflush(f) != 0 || std::fseek(f, 0, SEEK_SET) != 0) fail("read");
    reading_ = true;
  }
  std::size_t columns = 0;
  if (std::fread(&columns, sizeof columns, 1, f) != 1) {
    if (std::ferror(f) != 0) fail("read");
    file_.reset();
    return false;
  }
  const auto count = get<std::size_t>(f);
  into.clear(columns);
  std::string buffer;
  for (std::size_t i = 0; i < count * columns; ++i) get_cell(f, into, buffer);
  return true;
}

}  // namespace luamig::engine
