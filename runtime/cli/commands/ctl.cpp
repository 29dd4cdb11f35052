#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"
#include "db/transaction.hpp"
#include "engine/control.hpp"
#include "engine/progress.hpp"
#include "engine/version_store.hpp"

namespace luamig::cli {
namespace {

constexpr std::string_view batch_is = "batch=";

[[noreturn]] void refuse_words() {
  throw error{errc::usage, "this is nothing to ask of a run",
              "luamig ctl pause, luamig ctl resume, luamig ctl set batch=500 (batch=auto: as the "
              "revision says)"};
}

std::int64_t batch_of(std::string_view word) {
  if (!word.starts_with(batch_is)) refuse_words();
  const std::string_view size = word.substr(batch_is.size());
  if (size == "auto") return 0;
  constexpr std::size_t longest = 9;
  const bool digits = size.find_first_not_of("0123456789") == std::string_view::npos;
  if (size.empty() || size.size() > longest || !digits || size.front() == '0') refuse_words();
  return std::stoll(std::string(size));
}

using words = std::vector<std::string>;

engine::control asked(engine::control now, const words& given) {
  const bool sets = given[0] == "set";
  if (sets != (given.size() == 2)) refuse_words();
  if (sets) {
    now.batch = batch_of(given[1]);
  } else if (given[0] == "pause" || given[0] == "resume") {
    now.paused = given[0] == "pause";
  } else {
    refuse_words();
  }
  return now;
}

std::string said(const engine::half_done& r, const engine::control& c) {
  std::string text = "revision " + r.revision + (c.paused ? " rests" : " goes on");
  if (c.batch > 0) text += ", with " + std::to_string(c.batch) + " rows a batch";
  return text + (c.paused ? ": luamig ctl resume" : "");
}

}  // namespace

/// Without the lock, which the run has. Of a durable revision that goes batch by batch there is
/// one.
report run_ctl(context& in) {
  (void)asked({}, in.args.words);
  in.here.close_reader();
  const auto on = db::open_database(in.here.where(), in.here.open_options());
  engine::version_store store(*on, in.here.books());
  engine::progress book(*on, store.where());
  db::transaction own(*on);
  std::vector<std::string> lines;
  for (const engine::half_done& r : book.begun()) {
    const engine::control now = asked(engine::control::read(r.control), in.args.words);
    book.set_control(r.revision, r.way, now.text());
    lines.push_back(said(r, now));
  }
  own.commit();
  if (lines.empty()) {
    throw error{errc::refused, "no durable revision is under way", "luamig status shows what is"};
  }
  return {done_report{"ctl", text::join(lines, "; ")}, {}};
}

}  // namespace luamig::cli
