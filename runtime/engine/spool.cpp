#include "engine/spool.hpp"

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "engine/record.hpp"

namespace luamig::engine {
namespace {

[[noreturn]] void fail(const char* doing) {
  throw error(errc::migration,
              std::string("cannot ") + doing +
                  " the temporary file for rows set aside: " + std::strerror(errno),
              "free space in the temporary directory (TMPDIR)");
}

void put_bytes(std::FILE* f, std::string_view bytes) {
  const std::size_t size = bytes.size();
  if (std::fwrite(&size, sizeof size, 1, f) != 1 || std::fwrite(bytes.data(), 1, size, f) != size) {
    fail("write");
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
  record_writer record;
  record.put(block);
  put_bytes(file_.get(), record.bytes());
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
  std::size_t size = 0;
  if (std::fread(&size, sizeof size, 1, f) != 1) {
    if (std::ferror(f) != 0) fail("read");
    file_.reset();
    return false;
  }
  std::string bytes(size, '\0');
  if (std::fread(bytes.data(), 1, size, f) != size) fail("read");
  record_reader(bytes).block(into);
  return true;
}

}  // namespace luamig::engine
