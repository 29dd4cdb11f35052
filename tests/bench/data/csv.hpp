// CSV by RFC 4180 as the hand-written programs read and write it.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace csv {

/// The lines of a file, each with `count` fields.
class reader {
 public:
  reader(const char* path, std::size_t count) : file_(std::fopen(path, "rb")), fields_(count) {
    if (file_ == nullptr) fail(path);
    std::setvbuf(file_, nullptr, _IONBF, 0);
  }

  /// The fields of the next line, valid until the next call; none at the end of the file.
  const std::vector<std::string>* next() {
    if (!more()) return nullptr;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      std::string& field = fields_[i];
      field.clear();
      const char end = i + 1 == fields_.size() ? '\n' : ',';
      if (more() && *at_ == '"') {
        ++at_;
        quoted(field);
      } else {
        upto(field, end);
      }
      if (!more() || *at_ != end) fail("a line of another number of fields");
      ++at_;
    }
    return &fields_;
  }

 private:
  [[noreturn]] static void fail(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::exit(1);
  }

  bool more() {
    if (at_ != end_) return true;
    at_ = buffer_.data();
    end_ = at_ + std::fread(buffer_.data(), 1, buffer_.size(), file_);
    return at_ != end_;
  }

  /// Appends what stands before `end`.
  void upto(std::string& field, char end) {
    while (more()) {
      const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
      const std::size_t n = rest.find(end);
      field.append(rest.substr(0, n));
      at_ += n == rest.npos ? rest.size() : n;
      if (n != rest.npos) return;
    }
  }

  void quoted(std::string& field) {
    while (true) {
      upto(field, '"');
      if (!more()) fail("a quote that does not end");
      ++at_;
      if (!more() || *at_ != '"') return;
      field.push_back('"');
      ++at_;
    }
  }

  std::FILE* file_;
  std::vector<std::string> fields_;
  std::array<char, 262'144> buffer_{};
  const char* at_ = buffer_.data();
  const char* end_ = at_;
};

/// Lines into a file, which is complete once `close` has returned.
class writer {
 public:
  explicit writer(const char* path) : file_(std::fopen(path, "wb")) {
    if (file_ == nullptr) fail();
    std::setvbuf(file_, nullptr, _IONBF, 0);
  }

  void field(std::string_view value) {
    if (within_line_) text_.push_back(',');
    within_line_ = true;
    if (value.find_first_of(",\"\r\n") == value.npos && !value.empty()) {
      text_.append(value);
      return;
    }
    text_.push_back('"');
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t quote = value.find('"', at);
      text_.append(value.substr(at, quote - at));
      if (quote == value.npos) break;
      text_.append("\"\"");
      at = quote + 1;
    }
    text_.push_back('"');
  }

  void end_line() {
    text_.push_back('\n');
    within_line_ = false;
    if (text_.size() > 262'144) write();
  }

  /// Bytes that are CSV already.
  void raw(std::string_view bytes) {
    text_.append(bytes);
    if (text_.size() > 262'144) write();
  }

  void close() {
    write();
    if (std::fclose(file_) != 0) fail();
  }

 private:
  [[noreturn]] static void fail() {
    std::perror("export");
    std::exit(1);
  }

  void write() {
    if (std::fwrite(text_.data(), 1, text_.size(), file_) != text_.size()) fail();
    text_.clear();
  }

  std::FILE* file_;
  std::string text_;
  bool within_line_ = false;
};

}  // namespace csv
