#include "codec/csv.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/eight_bytes.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace luamig::codec {
namespace {

constexpr int end = -1;
constexpr std::size_t page = 65536;
constexpr std::size_t longest = std::size_t{16} << 20U;

bool is_control(char c) { return static_cast<unsigned char>(c) < ' '; }

// Most bytes of a field mean nothing to the reader.
std::uint64_t marks_in(eight_bytes bytes) { return bytes.below(' ') | bytes.equal('"'); }

}  // namespace

csv_reader::csv_reader(source in, std::string name, char delimiter)
    : in_(std::move(in)), name_(std::move(name)), delimiter_(delimiter), buffer_(page) {}

void csv_reader::fail(const std::string& what, std::string hint) const {
  throw error{errc::migration, name_ + ":" + std::to_string(line_) + ": " + what, std::move(hint)};
}

// Where nothing is left; false at the end. The record under way moves to the beginning of
// the buffer, which grows with it.
bool csv_reader::read_on() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, filled_ - begin_);
    for (place& one : places_) one.from -= one.is_spelled ? 0 : begin_;
    at_ -= begin_;
    filled_ -= std::exchange(begin_, 0);
  }
  check_size();
  if (filled_ > buffer_.size() / 2) buffer_.resize(2 * buffer_.size());
  const std::size_t read = in_(std::span(buffer_).subspan(filled_));
  filled_ += read;
  return read > 0;
}

int csv_reader::peek() { return more() ? static_cast<unsigned char>(buffer_[at_]) : end; }

void csv_reader::skip_mark() {
  if (std::exchange(began_, true)) return;
  const int first = peek();
  if (first == 0xFF || first == 0xFE)
    fail("the file is not UTF-8", "iconv -f UTF-16 -t UTF-8 makes it one");
  // Files are read whole pages at a time: the mark is in the buffer as one.
  if (std::string_view(buffer_.data(), filled_).starts_with("\xef\xbb\xbf")) at_ = 3;
}

// A byte that stands for itself, within quotes a line feed too.
void csv_reader::note(char c) {
  seen_ |= static_cast<unsigned char>(c);
  has_nul_ = has_nul_ || c == '\0';
  next_line_ += c == '\n' ? 1 : 0;
}

// Past the bytes of a field that mean nothing, to a quote, a control character or `also`; or to the
// end of what was read.
void csv_reader::pass_plain(char also) {
  while (filled_ - at_ >= eight_bytes::size) {
    const auto bytes = eight_bytes::at(buffer_.data() + at_);
    const std::size_t passed = eight_bytes::before(marks_in(bytes) | bytes.equal(also));
    at_ += passed;
    seen_ |= bytes.word;
    if (passed < eight_bytes::size) return;
  }
}

// Up to a delimiter, the line's end or a quote.
void csv_reader::take_plain() {
  const std::size_t from = at_ - begin_;
  while (more()) {
    pass_plain(delimiter_);
    if (at_ == filled_) continue;
    const char c = buffer_[at_];
    if (c == delimiter_ || c == '\n' || c == '\r' || c == '"') break;
    note(c);
    ++at_;
  }
  places_.push_back({begin_ + from, at_ - begin_ - from, false, false});
}

// To the next quote, which is not taken: how many bytes come before it.
std::size_t csv_reader::find_quote() {
  const std::size_t from = at_ - begin_;
  while (more()) {
    pass_plain('"');
    if (at_ == filled_) continue;
    const char c = buffer_[at_];
    if (c == '"') return at_ - begin_ - from;
    note(c);
    ++at_;
  }
  fail("a quote is not closed");
}

// At the opening quote, to behind the closing one. A quote within it stands there twice.
void csv_reader::take_quoted() {
  ++at_;
  const std::size_t from = at_ - begin_;
  const std::size_t size = find_quote();
  ++at_;
  if (peek() == '"') return take_doubled(from);
  places_.push_back({begin_ + from, size, true, false});
}

// A field, from there on in the record, of which the first quote within it has just been found: at
// the second one of two.
void csv_reader::take_doubled(std::size_t from) {
  const std::size_t begin = used_;
  spell({buffer_.data() + begin_ + from, at_ - begin_ - from});
  ++at_;
  while (more()) {
    if (!spell_on()) continue;
    if (peek() != '"') return places_.push_back({begin, used_ - begin, true, true});
    spell("\"");
    ++at_;
  }
  fail("a quote is not closed");
}

void csv_reader::make_room(std::size_t size) {
  if (spelled_.size() - used_ < size) spelled_.resize(2 * (used_ + size));
}

void csv_reader::spell(std::string_view bytes) {
  make_room(bytes.size());
  bytes.copy(spelled_.data() + used_, bytes.size());
  used_ += bytes.size();
}

// Up to a quote that is not followed by another one in the buffer, and past it. False: none is left
// there.
bool csv_reader::spell_on() {
  make_room(filled_ - at_);
  const char* at = buffer_.data() + at_;
  const char* const stop = buffer_.data() + filled_;
  char* to = spelled_.data() + used_;
  std::uint64_t seen = seen_;
  bool closes = false;
  while (at != stop && !closes) {
    if (stop - at >= static_cast<std::ptrdiff_t>(eight_bytes::size)) {
      const auto bytes = eight_bytes::at(at);
      const std::size_t passed = eight_bytes::before(marks_in(bytes));
      std::memcpy(to, &bytes.word, eight_bytes::size);
      seen |= bytes.word;
      at += passed;
      to += passed;
      if (passed == eight_bytes::size) continue;
    }
    const char c = *at++;
    *to++ = c;
    if (c == '"') {
      closes = at == stop || *at != '"';
      if (closes)
        --to;
      else
        ++at;
    } else if (is_control(c)) {
      note(c);
    } else {
      seen |= static_cast<unsigned char>(c);
    }
  }
  seen_ |= seen;
  at_ = static_cast<std::size_t>(at - buffer_.data());
  used_ = static_cast<std::size_t>(to - spelled_.data());
  return closes;
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

void csv_reader::check_size() const {
  if (at_ - begin_ > longest) fail("the record has more than 16 MB", "is a quote not closed?");
}

void csv_reader::check_text() const {
  if (has_nul_)
    fail("the record has a NUL in it", "CSV is text; bytes are written as hexadecimal digits");
  if ((seen_ & eight_bytes::highest) == 0) return;
  for (std::size_t i = 0; i < size(); ++i)
    if (const auto bad = text::invalid_utf8(field(i)))
      fail("field " + std::to_string(i + 1) + " is not UTF-8 at offset " + std::to_string(*bad),
           "iconv -f LATIN1 -t UTF-8 makes a file of Latin-1 one");
}

bool csv_reader::next() {
  places_.clear();
  used_ = 0;
  seen_ = 0;
  has_nul_ = false;
  begin_ = at_;
  line_ = next_line_;
  skip_mark();
  if (!more()) return false;
  while (true) {
    if (peek() == '"') {
      take_quoted();
    } else {
      take_plain();
      if (peek() == '"')
        fail("a quote within field " + std::to_string(size()),
             "a field with quotes in it stands in quotes, and each of them twice");
    }
    if (take_line_end()) break;
    if (peek() != delimiter_)
      fail("text behind the closing quote of field " + std::to_string(size()),
           "a quote within quotes is written twice");
    ++at_;
  }
  check_size();
  check_text();
  return true;
}

}  // namespace luamig::codec
