#include "cli/format.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.hpp"

namespace luamig::cli {
namespace {

std::string in_brackets(const std::vector<std::string>& words) {
  return words.empty() ? "" : " (" + text::join(words, ", ") + ")";
}

std::string parents(const revision_view& v) {
  return v.down_revision.empty() ? "<base>" : text::join(v.down_revision, ", ");
}

std::string heads_of(const revision_view& v) {
  return std::string(v.head ? " (head)" : "") + (v.effective_head ? " (effective head)" : "");
}

std::string marks(const revision_view& v) {
  return heads_of(v) + (v.current.value_or(false) ? " (current)" : "") +
         (v.branch_point ? " (branchpoint)" : "") + (v.merge_point ? " (mergepoint)" : "");
}

void field(std::string& out, std::string_view name, const std::string& value) {
  if (!value.empty()) {
    out += std::string(name) + ": " + value + "\n";
  }
}

std::string number(const char* format, double value) {
  std::array<char, 64> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), format, value);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string head_line(const revision_view& v) { return v.revision + heads_of(v); }

std::string full_line(const revision_view& v) {
  return v.revision + in_brackets(v.branch_labels) + marks(v);
}

std::string history_line(const revision_view& v) {
  return parents(v) + in_brackets(v.depends_on) + " -> " + full_line(v) +
         (v.message.empty() ? "" : ", " + v.message);
}

std::string block(const revision_view& v) {
  std::string out = "Rev: " + v.revision + marks(v) + "\n";
  field(out, v.merge_point ? "Merges" : "Parent", parents(v));
  field(out, "Also depends on", text::join(v.depends_on, ", "));
  field(out, "Branches into", v.branch_point ? text::join(v.next, ", ") : "");
  field(out, "Branch names", text::join(v.branch_labels, ", "));
  field(out, "Path", v.path);
  field(out, "State", v.state);
  out += "\n";
  const std::string notes(text::trim(v.notes));
  const std::string body = v.message + (notes.empty() ? "" : "\n\n" + notes);
  for (const std::string& line : text::split(body, '\n')) {
    out += line.empty() ? "\n" : "    " + line + "\n";
  }
  return out;
}

std::string_view arrow(graph::direction way) noexcept {
  if (way == graph::direction::repeat) return "↻";
  return way == graph::direction::downgrade ? "↓" : "↑";
}

std::string seconds(double s) {
  if (s < 1) {
    return number("%.0f ms", s * 1000);
  }
  if (s < 120) {
    return number("%.1f s", s);
  }
  const auto whole = static_cast<long>(s);
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

std::string counted(std::size_t n, std::string_view noun) {
  return std::to_string(n) + " " + std::string(noun) + (n == 1 ? "" : "s");
}

std::size_t width(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string padded(std::string_view text, std::size_t to) {
  const std::size_t used = width(text);
  return std::string(text) + (used < to ? std::string(to - used, ' ') : "");
}

}  // namespace luamig::cli
