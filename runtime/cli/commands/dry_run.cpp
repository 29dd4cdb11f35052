#include "cli/commands/dry_run.hpp"

#include <filesystem>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/commands/runs.hpp"
#include "cli/dry_options.hpp"
#include "cli/effects.hpp"
#include "cli/output_path.hpp"

namespace luamig::cli {
namespace {

constexpr std::chrono::milliseconds usual_max_block{1000};

void require_alone(context& in) {
  for (const char* const other : {"sql", "create-db"}) {
    if (!in.args.has(other)) continue;
    throw error{errc::usage, "--dry-run and --" + std::string(other) + " exclude each other"};
  }
}

}  // namespace

std::chrono::milliseconds max_block_of(context& in) {
  const auto most = in.args.value("max-block");
  return most ? duration(*most, "--max-block") : usual_max_block;
}

void mark_dry(context& in, report& of) {
  run_report& body = std::get<run_report>(of.body);
  body.dry_run = true;
  body.sandboxed = in.is_sandboxed();
}

report run_dry(context& in, graph::direction way, const std::string& target) {
  require_alone(in);
  const bool up = way == graph::direction::upgrade;
  engine::run_options options = prepare_run(in, up);
  if (!up && in.here.is_missing_file()) return downgrade_nothing(in, target);
  std::optional<std::filesystem::path> page;
  if (const auto given = in.args.value("report")) page = output_path(in, "--report", *given);
  const auto copy = make_dry(options, in.args.value("dry-run") == "copy");
  options.max_block = max_block_of(in);
  engine::run_report done =
      engine::run(options, in.here.scripts(), in.here.host(), in.watching, way, target);
  if (page) {
    file::replace(*page, effects_page(in.here.where().shown, done, in.is_sandboxed()));
  }
  report result = finish_run(in, std::move(done), verb_of(way));
  mark_dry(in, result);
  return result;
}

}  // namespace luamig::cli
