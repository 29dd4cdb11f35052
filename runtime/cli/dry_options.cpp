#include "cli/dry_options.hpp"

namespace luamig::cli {

std::unique_ptr<db::database_copy> make_dry(engine::run_options& run, bool on_copy) {
  run.measures = true;
  if (!on_copy) {
    run.rehearses = true;
    return nullptr;
  }
  auto copy = std::make_unique<db::database_copy>(run.where, run.how);
  run.where = copy->where();
  run.on_copy = true;
  run.how.create = true;
  return copy;
}

}  // namespace luamig::cli
