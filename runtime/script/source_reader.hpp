#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace luamig::script {

/// Reads the files of one directory, one after the other and each over the last: the directory's
/// path is walked once, and memory is taken once.
class source_reader {
 public:
  /// Throws error{errc::config} when the directory cannot be opened.
  explicit source_reader(std::filesystem::path directory);
  ~source_reader();
  source_reader(const source_reader&) = delete;
  source_reader& operator=(const source_reader&) = delete;

  /// The whole of a regular file, valid until the next. Throws error{errc::config} naming the path
  /// and the system's reason.
  [[nodiscard]] std::string_view read(const char* name);

 private:
  [[noreturn]] void fail(const char* name, int number) const;

  std::filesystem::path directory_;
  std::string buffer_;
  int fd_;
};

}  // namespace luamig::script
