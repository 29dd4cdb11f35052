#include "cli/lost_output.hpp"

#include <cerrno>
#include <cstring>
#include <ostream>

#include "base/text.hpp"

namespace luamig::cli {
namespace {

int failure(const services& with) {
  *with.out << std::flush;
  return with.sink == nullptr ? 0 : with.sink->failure();
}

void say_state(const report& done, error& lost) {
  if (const auto* run = std::get_if<run_report>(&done.body)) {
    lost.state_after = "the run is over, the database is at " +
                       (run->shown_heads.empty() ? "base" : text::join(run->shown_heads, ", "));
    lost.hint = "luamig current";
  } else if (const auto* files = std::get_if<files_report>(&done.body)) {
    lost.state_after = "written: " + text::join(files->paths, ", ");
    lost.hint.clear();
  } else {
    lost.state_after = "database unchanged; what was printed is not whole";
  }
}

}  // namespace

bool is_written(const services& with) { return failure(with) == 0; }

std::optional<error> lost_output(const services& with, const report* done) {
  const int why = failure(with);
  if (why == 0 || why == EPIPE) return std::nullopt;
  error lost(errc::output, std::string("cannot write to standard output: ") + std::strerror(why),
             "the same command again, with its output to a place that takes it");
  if (done != nullptr) say_state(*done, lost);
  return lost;
}

}  // namespace luamig::cli
