#include "cli/commands/run.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/dry_run.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {

engine::run_options loose_options(context& in) {
  engine::run_options options = prepare_run(in, false);
  if (in.args.has("dry-run")) {
    options.rehearses = true;
    options.measures = true;
    options.max_block = max_block_of(in);
  }
  return options;
}

report run_run(context& in) {
  const std::string& name = in.args.words.front();
  const script::script file =
      engine::read_loose_file(std::filesystem::absolute(name), name, in.args.has("durable"));
  const engine::run_options options = loose_options(in);
  report result = finish_run(
      in, engine::run_loose(options, in.here.scripts(), in.here.host(), in.watching, file), "run");
  if (options.rehearses) mark_dry(in, result);
  return result;
}

}  // namespace luamig::cli
