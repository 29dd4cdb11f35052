#include "codec/csv.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"

namespace luamig::codec {
namespace {

constexpr int end = -1;
constexpr std::size_t longest = std::size_t{16} << 20U;

// Most bytes of a field mean nothing to the reader: it looks at eight of them at once.
constexpr std::size_t eight = 8;
constexpr std::uint64_t each = 0x0101010101010101U;
constexpr std::uint64_t highest = 0x80 * each;

std::uint64_t bytes_at(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, eight);
  return bytes;
}

// The highest bit of each byte that is `c`. Behind the first that is, others may be marked that are
// not.
std::uint64_t marks_of(std::uint64_t bytes, char c) {
  const std::uint64_t zeros = bytes ^ (static_cast<unsigned char>(c) * each);
  return (zeros - each) & ~zeros & highest;
}

// How many bytes come before the first one that is marked.
std::size_t count_before(std::uint64_t marks) {
  if (marks == 0) return eight;
  if constexpr (std::endian::native != std::endian::little) return 0;
  return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

// A byte with the highest bit where one of the eight has it.
unsigned char high_of(std::uint64_t bytes) { return (bytes & highest) != 0 ? 0x80 : 0; }

}  // namespace

void csv_reader::fail(const std::string& what, std::string hint) const {
  throw error{errc::migration, name_ + ":" + std::to_string(line_) + ": " + what, std::move(hint)};
}

int csv_reader::peek() {
  if (at_ == filled_) {
    at_ = 0;
    filled_ = in_(buffer_);
    if (filled_ == 0) return end;
  }
  return static_cast<unsigned char>(buffer_[at_]);
}

void csv_reader::skip_mark() {
  if (began_) return;
  began_ = true;
  const int first = peek();
  if (first == 0xFF || first == 0xFE)
    fail("the file is not UTF-8", "iconv -f UTF-16 -t UTF-8 makes it one");
  // Files are read whole pages at a time: the mark is in the buffer as one.
  if (std::string_view(buffer_.data(), filled_).starts_with("\xef\xbb\xbf")) at_ = 3;
}

void csv_reader::check_size() const {
  if (record_.size() > longest) fail("the record has more than 16 MB", "is a quote not closed?");
}

// Up to a delimiter, the line's end or a quote.
void csv_reader::take_plain() {
  while (peek() != end) {
    const std::size_t from = at_;
    unsigned char seen = seen_;
    while (filled_ - at_ >= eight) {
      const std::uint64_t bytes = bytes_at(buffer_.data() + at_);
      const std::size_t passed = count_before(marks_of(bytes, delimiter_) | marks_of(bytes, '\n') |
                                              marks_of(bytes, '\r') | marks_of(bytes, '"'));
      at_ += passed;
      seen |= high_of(bytes);
      if (passed < eight) break;
    }
    for (; at_ < filled_; ++at_) {
      const char c = buffer_[at_];
      if (c == delimiter_ || c == '\n' || c == '\r' || c == '"') break;
      seen = static_cast<unsigned char>(seen | static_cast<unsigned char>(c));
    }
    seen_ = seen;
    record_.append(buffer_.data() + from, at_ - from);
    check_size();
    if (at_ < filled_) return;
  }
}

// At the opening quote, to behind the closing one. A quote within it stands there twice.
void csv_reader::take_quoted() {
  std::array<char, 256> run;  // on its way into the record
  std::size_t size = 0;
  const auto take_run = [&] {
    record_.append(run.data(), size);
    size = 0;
    check_size();
  };
  ++at_;
  while (peek() != end) {
    const char* at = buffer_.data() + at_;
    const char* const stop = buffer_.data() + filled_;
    unsigned char seen = seen_;
    bool closes = false;
    while (at != stop && size < run.size()) {
      if (stop - at >= static_cast<std::ptrdiff_t>(eight) && run.size() - size >= eight) {
        const std::uint64_t bytes = bytes_at(at);
        const std::size_t passed = count_before(marks_of(bytes, '"') | marks_of(bytes, '\n'));
        std::memcpy(run.data() + size, at, eight);
        at += passed;
        size += passed;
        seen |= high_of(bytes);
        if (passed == eight) continue;
      }
      const char c = *at++;
      if (c == '"') {
        closes = at == stop || *at != '"';
        if (closes) break;
        ++at;
      }
      run[size++] = c;
      seen = static_cast<unsigned char>(seen | static_cast<unsigned char>(c));
      if (c == '\n') ++next_line_;
    }
    seen_ = seen;
    at_ = static_cast<std::size_t>(at - buffer_.data());
    if (size == run.size()) take_run();
    if (!closes) continue;
    if (peek() != '"') return take_run();
    ++at_;
    run[size++] = '"';
  }
  fail("a quote is not closed");
}

bool csv_reader::take_line_end() {
  const int c = peek();
  if (c != '\r' && c != '\n') return c == end;
  ++at_;
  if (c == '\r') {
    if (peek() != '\n') fail("a carriage return without a line feed", "lines end with LF or CR LF");
    ++at_;
  }
  ++next_line_;
  return true;
}

void csv_reader::check_text() const {
  if (const std::size_t nul = record_.find('\0'); nul != std::string::npos)
    fail("the record has a NUL in it", "CSV is text; bytes are written as hexadecimal digits");
  if ((seen_ & 0x80U) == 0) return;
  for (std::size_t i = 0; i < size(); ++i)
    if (const auto bad = text::invalid_utf8(field(i)))
      fail("field " + std::to_string(i + 1) + " is not UTF-8 at offset " + std::to_string(*bad),
           "iconv -f LATIN1 -t UTF-8 makes a file of Latin-1 one");
}

bool csv_reader::next() {
  record_.clear();
  ends_.clear();
  quoted_.clear();
  seen_ = 0;
  line_ = next_line_;
  skip_mark();
  if (peek() == end) return false;
  blank_ = true;
  while (true) {
    quoted_.push_back(peek() == '"');
    if (quoted_.back()) {
      blank_ = false;
      take_quoted();
    } else {
      take_plain();
      blank_ = blank_ && record_.empty();
      if (peek() == '"')
        fail("a quote within field " + std::to_string(size() + 1),
             "a field with quotes in it stands in quotes, and each of them twice");
    }
    ends_.push_back(record_.size());
    if (take_line_end()) break;
    if (peek() != delimiter_)
      fail("text behind the closing quote of field " + std::to_string(size()),
           "a quote within quotes is written twice");
    ++at_;
  }
  check_text();
  return true;
}

}  // namespace luamig::codec
