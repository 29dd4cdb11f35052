#pragma once

#include <span>
#include <string_view>

namespace luamig::script {

/// A file below stdlib/templates, "generic/env.lua", as it is compiled in.
struct embedded_file {
  std::string_view path;
  std::span<const std::string_view> parts;  ///< its text in pieces
};

/// All of them, sorted by path. Made by cmake/embed.cmake.
[[nodiscard]] std::span<const embedded_file> embedded_templates() noexcept;

}  // namespace luamig::script
