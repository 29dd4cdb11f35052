#pragma once

#include <memory>
#include <string>

#include "engine/cancel.hpp"

namespace luamig::cli {

/// A line that a person types on the terminal, where it can be edited and earlier ones be had
/// again. They are kept in memory alone.
class line_editor {
 public:
  /// `stop`: what a signal asks, or nothing; it must outlive the editor.
  explicit line_editor(const engine::cancel* stop);
  ~line_editor();
  line_editor(const line_editor&) = delete;
  line_editor& operator=(const line_editor&) = delete;

  /// Without the end of the line. False: the input has ended, or a signal has come.
  [[nodiscard]] bool read(const std::string& prompt, std::string& line);

 private:
  struct inside;
  std::unique_ptr<inside> in_;
};

}  // namespace luamig::cli
