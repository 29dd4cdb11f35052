#include "engine/script_output.hpp"

#include <string>

#include "base/text.hpp"
#include "db/mask.hpp"

namespace luamig::engine {
namespace {

constexpr std::size_t most_of_a_line = 16 * 1024;
constexpr std::size_t most_of_a_run = 1024 * 1024;

}  // namespace

void say_line(observer& to, std::size_t& printed, observer::level level, std::string_view text) {
  if (printed > most_of_a_run) return;
  // Masked first: what is cut or escaped is not found any more.
  const std::string line = text::shorten(text::escape_controls(db::mask(text)), most_of_a_line);
  printed += line.size() + 1;
  to.message(level, line);
  if (printed > most_of_a_run)
    to.message(observer::level::warning,
               "the script printed more than 1 MB: the rest is not shown");
}

}  // namespace luamig::engine
