#pragma once

namespace luamig::broker {

/// What a message is about. The host calls the worker, which answers with `done` or `failed`; in
/// between the worker asks, and is told `answer` or `failure`. Of some things it only tells.
enum class verb : unsigned char {
  // host → worker
  begin,  ///< options
  load,   ///< direction, script
  run,    ///< step, database
  perform,
  hook,  ///< name, step, database
  on_error,
  url,
  consult,
  enter,  ///< step, database, entry
  answer,
  failure,
  refused,  ///< a row, while rows are written: the worker says `answer` or `failure` itself

  // worker → host, in return for a call
  ready,  ///< layers
  done,
  failed,

  // worker → host: told
  message,
  rows_worked,
  entered,
  close_rows,
  drop_writer,
  drop_file,

  // worker → host: asked
  beside,  ///< a second database: its number, from 1, with `query` and `look`
  execute,
  execute_each,
  settle,
  execute_text,
  query,
  look,
  fetch,
  check_query,
  knows_schema,
  begin_step,
  begun_before,
  part_of_step,
  keep_part,
  keep_ranges,
  range_of_step,
  keep_range,
  undo_part,
  control,
  rest,
  reject,
  finish_step,
  undo_step,
  touched,
  begin_operation,
  undo_table,
  rewrite_table,
  begin_rebuild,
  end_rebuild,
  problem,
  leave,
  require_whole,
  open_writer,
  put_rows,
  settle_writer,
  finish_writer,
  library,
  text,
  libraries,
  env,
  open_file,
  read_file,
  create_file,
  write_file,
  finish_file,
  secret,
  variable,
};
constexpr verb last_verb = verb::variable;

}  // namespace luamig::broker
