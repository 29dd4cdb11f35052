#pragma once

#include "cli/report.hpp"

/// Every command, each in the file of its name.
namespace luamig::cli {

struct context;

report run_abort(context& in);
report run_apply(context& in);
report run_branches(context& in);
report run_check(context& in);
report run_completion(context& in);
report run_config(context& in);
report run_ctl(context& in);
report run_current(context& in);
report run_downgrade(context& in);
report run_edit(context& in);
report run_ensure_version(context& in);
report run_heads(context& in);
report run_help(context& in);
report run_history(context& in);
report run_init(context& in);
report run_list_templates(context& in);
report run_merge(context& in);
report run_plan(context& in);
report run_redo(context& in);
report run_rejects(context& in);
report run_reset(context& in);
report run_run(context& in);
report run_revision(context& in);
report run_schema(context& in);
report run_shell(context& in);
report run_show(context& in);
report run_stamp(context& in);
report run_status(context& in);
report run_upgrade(context& in);
report run_wait(context& in);

}  // namespace luamig::cli
