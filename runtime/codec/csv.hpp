#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luamig::codec {

/// The records of a CSV file by RFC 4180, one at a time: memory does not grow with the file. Lines
/// end with LF or CR LF, a byte-order mark is passed over, and the text is UTF-8.
class csv_reader {
 public:
  /// Gives the next bytes; how many, 0 at the end.
  using source = std::function<std::size_t(std::span<char>)>;

  /// `name` is what the file is called in errors.
  csv_reader(source in, std::string name, char delimiter);

  /// Reads the next record; false at the end. Throws error{errc::migration} that begins with
  /// "name:line:" for a quote that is not closed or stands where none may, a carriage return
  /// without line feed, what is not UTF-8, and a record of more than 16 MB.
  [[nodiscard]] bool next();

  [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
  /// Valid until the next record is read.
  [[nodiscard]] std::string_view field(std::size_t i) const {
    const place& at = places_[i];
    return {(at.is_spelled ? spelled_.data() : buffer_.data()) + at.from, at.size};
  }
  /// Whether the field stood in quotes.
  [[nodiscard]] bool is_quoted(std::size_t i) const { return places_[i].is_quoted; }
  /// Whether the record is an empty line.
  [[nodiscard]] bool is_blank() const noexcept {
    return size() == 1 && places_[0].size == 0 && !places_[0].is_quoted;
  }
  /// The line that the record begins in, from 1.
  [[nodiscard]] std::size_t line() const noexcept { return line_; }

  /// Throws error{errc::migration} about the record: "name:line: what".
  [[noreturn]] void fail(const std::string& what, std::string hint = {}) const;

 private:
  /// A field: where its bytes lie in the buffer, or in `spelled_`.
  struct place {
    std::size_t from = 0;
    std::size_t size = 0;
    bool is_quoted = false;
    bool is_spelled = false;
  };

  [[nodiscard]] bool more() { return at_ != filled_ || read_on(); }
  bool read_on();
  [[nodiscard]] int peek();
  void pass_plain(char also);
  void take_plain();
  void take_quoted();
  std::size_t find_quote();
  void take_doubled(std::size_t from);
  void make_room(std::size_t size);
  void spell(std::string_view bytes);
  [[nodiscard]] bool spell_on();
  void note(char c);
  bool take_line_end();
  void skip_mark();
  void check_size() const;
  void check_text() const;

  source in_;
  std::string name_;
  char delimiter_;
  std::vector<char> buffer_;  // the record under way, and what was read behind it
  std::size_t begin_ = 0;     // of the record
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::vector<place> places_;  // of the fields
  std::vector<char> spelled_;  // the fields with a quote in them, one behind the other, and room
  std::size_t used_ = 0;       // of that
  bool began_ = false;
  bool has_nul_ = false;
  std::uint64_t seen_ = 0;  // every byte of the record, or-ed, and some behind them
  std::size_t line_ = 1;
  std::size_t next_line_ = 1;
};

}  // namespace luamig::codec
