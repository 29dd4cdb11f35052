#pragma once

#include <array>
#include <cstddef>
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
  csv_reader(source in, std::string name, char delimiter)
      : in_(std::move(in)), name_(std::move(name)), delimiter_(delimiter) {}

  /// Reads the next record; false at the end. Throws error{errc::migration} that begins with
  /// "name:line:" for a quote that is not closed or stands where none may, a carriage return
  /// without line feed, what is not UTF-8, and a record of more than 16 MB.
  [[nodiscard]] bool next();

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] std::string_view field(std::size_t i) const {
    const std::size_t from = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(record_).substr(from, ends_[i] - from);
  }
  /// Whether the field stood in quotes.
  [[nodiscard]] bool is_quoted(std::size_t i) const { return quoted_[i]; }
  /// Whether the record is an empty line.
  [[nodiscard]] bool is_blank() const noexcept { return ends_.size() == 1 && blank_; }
  /// The line that the record begins in, from 1.
  [[nodiscard]] std::size_t line() const noexcept { return line_; }

  /// Throws error{errc::migration} about the record: "name:line: what".
  [[noreturn]] void fail(const std::string& what, std::string hint = {}) const;

 private:
  [[nodiscard]] int peek();
  void take_plain();
  void take_quoted();
  bool take_line_end();
  void skip_mark();
  void check_size() const;
  void check_text() const;

  source in_;
  std::string name_;
  char delimiter_;
  std::array<char, 65536> buffer_{};
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  bool began_ = false;
  bool blank_ = false;
  unsigned char seen_ = 0;         // every byte of the record, or-ed
  std::string record_;             // the fields, one behind the other
  std::vector<std::size_t> ends_;  // of each
  std::vector<bool> quoted_;
  std::size_t line_ = 1;
  std::size_t next_line_ = 1;
};

}  // namespace luamig::codec
