#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "script/header.hpp"
#include "script/header_name.hpp"

namespace luamig::script {

/// A header as it is being read, whatever its file is written in. Views `path`.
class header_builder {
 public:
  explicit header_builder(std::string_view path) : path_(path) {}

  /// The line where a name was set; 0: not yet.
  [[nodiscard]] int line_of(header_name name) const noexcept {
    return line_of_[static_cast<std::size_t>(name)];
  }
  /// Throws error{errc::script} where the name was set before; `what` is the message's subject:
  /// "'revision' is set".
  void first_time(header_name name, int line, const std::string& what);

  /// Throws as `check_id`.
  void set_revision(std::string id, int line);
  /// One of the names that hold lists. Throws as `check_id` for down_revision.
  void set_list(header_name name, std::vector<std::string> items, int line);

  header head{};

 private:
  std::string_view path_;
  std::array<int, 10> line_of_{};
};

}  // namespace luamig::script
