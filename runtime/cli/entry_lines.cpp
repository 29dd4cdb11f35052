#include "cli/entry_lines.hpp"

#include <istream>
#include <ostream>

namespace luamig::cli {

entry_lines::entry_lines(const services& with, const terminal& person)
    : with_(with), person_(person) {
  if (with.in_is_terminal && person.live()) editor_ = std::make_unique<line_editor>(with.stop);
}

entry_lines::came entry_lines::next(const std::string& prompt, std::string& line) {
  line.clear();
  person_.flush();
  came what = came::line;
  if (editor_) {
    if (!editor_->read(prompt, line)) what = came::end;
    if (line.size() > longest_entry) what = came::too_long;
  } else {
    if (has_person()) person_.err() << prompt << std::flush;
    what = read(line);
  }
  const bool stopped = with_.stop != nullptr && with_.stop->requested() != 0;
  return stopped ? came::signal : what;
}

entry_lines::came entry_lines::read(std::string& line) {
  with_.in->clear();
  std::streambuf& from = *with_.in->rdbuf();
  bool too_long = false;
  while (true) {
    const int c = from.sbumpc();
    if (c == std::char_traits<char>::eof()) {
      if (too_long) return came::too_long;
      return line.empty() ? came::end : came::line;
    }
    if (c == '\n') break;
    too_long = too_long || line.size() >= longest_entry;
    if (!too_long) line.push_back(static_cast<char>(c));
  }
  if (too_long) return came::too_long;
  if (line.ends_with('\r')) line.pop_back();
  return came::line;
}

}  // namespace luamig::cli
