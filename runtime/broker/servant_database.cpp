// Statements, savepoints and steps that a worker asks for.
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "broker/servant_parts.hpp"
#include "db/mask.hpp"
#include "engine/script_clock.hpp"

namespace luamig::broker {
namespace {

constexpr std::chrono::hours longest_rest{1};

void put_flag(packer& out, bool flag) { out.put(static_cast<unsigned char>(flag)); }

}  // namespace

bool servant::answer_database(verb about, unpacker& from, packer& out) {
  switch (about) {
    case verb::beside: {
      if (on().offline()) throw bad_frame("a second database in a text");
      engine::door& second = on().beside(from.text());
      const auto found = std::find(seconds_.begin(), seconds_.end(), &second);
      out.put(static_cast<std::uint64_t>(found - seconds_.begin()) + 1).put(second.kind());
      if (found == seconds_.end()) seconds_.push_back(&second);
      return true;
    }
    case verb::execute: {
      const engine::statement s = statement_of(from);
      out.put(on().execute(s));
      return true;
    }
    case verb::execute_text:
    case verb::check_query: {
      const std::string_view text = from.text();
      const std::string_view file = from.text();
      const int line = from.number<int>();
      const db::parameters given = get_parameters(from);
      note_place(file, line);
      if (about == verb::check_query) {
        on().check_query(text, given, file, line);
      } else {
        out.put(on().execute_text(text, given, file, line));
      }
      return true;
    }
    case verb::rest: {
      const engine::counted_call counted(on_ == nullptr ? nullptr : on_->clock());
      using clock = std::chrono::steady_clock;
      const auto until = clock::now() + std::chrono::milliseconds(std::min<std::int64_t>(
                                            from.number<std::int64_t>(),
                                            std::chrono::milliseconds(longest_rest).count()));
      while (clock::now() < until && !with_.stopped()) ::poll(nullptr, 0, 20);
      return true;
    }
    case verb::knows_schema:
      put_flag(out, on().knows_schema());
      return true;
    case verb::begin_operation: {
      engine::called_operation called{from.text(), from.text(), from.text(), from.text()};
      called.line = from.number<int>();
      on().begin_operation(called);
      return true;
    }
    case verb::undo_table:
      out.put(on().undo_table(books_, from.flag()));
      return true;
    case verb::rewrite_table: {
      db::stored_text as;
      for (std::string* text : {&as.schema, &as.table, &as.sql}) *text = from.text();
      const std::string_view comment = from.text();
      const std::string_view file = from.text();
      const int line = from.number<int>();
      note_place(file, line);
      on().rewrite_table(as, comment, file, line);
      return true;
    }
    case verb::begin_rebuild:
      on().begin_rebuild();
      return true;
    case verb::end_rebuild:
      on().end_rebuild();
      return true;
    case verb::problem:
      out.put(on().problem(from.text()));
      return true;
    case verb::leave: {
      const auto depth = from.number<std::uint64_t>();
      const bool keep = from.flag();
      if (depth <= base_depth_ || depth > on().depth()) throw bad_frame("no such savepoint");
      on().leave(depth, keep);
      return true;
    }
    case verb::require_whole:
      on().require_whole();
      return true;
    default:
      return false;
  }
}

bool servant::answer_step(verb about, unpacker& from, packer& out) {
  // A durable revision, or the undoing of one of its steps.
  const auto steps = [this]() -> engine::session& {
    if (!durable_) throw bad_frame("there are no steps in this call");
    return on();
  };
  const auto in_step = [&]() -> engine::session& {
    if (steps().takes_steps()) throw bad_frame("no step is under way");
    return on();
  };
  switch (about) {
    case verb::begin_step: {
      engine::step_key key;
      key.label = from.text();
      key.asked = from.text();
      key.reads = from.flag();
      key.block = from.flag();
      if (!steps().takes_steps()) throw bad_frame("a step is under way");
      put_optional(out, on().begin_step(key));
      return true;
    }
    case verb::begun_before:
      put_flag(out, on().begun_before());
      return true;
    case verb::part_of_step:
      put_optional(out, in_step().part_of_step());
      return true;
    case verb::keep_part: {
      const std::string_view record = from.text();
      in_step().keep_part(record, from.text());
      return true;
    }
    case verb::keep_ranges: {
      const std::string_view record = from.text();
      const std::string_view reverse = from.text();
      in_step().keep_ranges(record, reverse, get_texts(from));
      return true;
    }
    case verb::range_of_step:
      put_optional(out, in_step().range_of_step(from.number<std::uint64_t>()));
      return true;
    case verb::keep_range: {
      const auto number = from.number<std::uint64_t>();
      in_step().keep_range(number, from.text());
      return true;
    }
    case verb::undo_part:
      in_step().undo_part();
      return true;
    case verb::control:
      out.put(steps().control());
      return true;
    case verb::reject: {
      engine::rejected_row row;
      row.table = from.text();
      row.key = db::mask(from.text());
      row.changes = db::mask(from.text());
      row.error = db::mask(from.text());
      in_step().reject(row);
      return true;
    }
    case verb::finish_step: {
      const std::string_view record = from.text();
      const std::string_view reverse = from.text();
      in_step().finish_step(record, reverse);
      return true;
    }
    case verb::undo_step:
      steps().undo_step();
      return true;
    case verb::touched:
      put_flag(out, on().touched());
      return true;
    default:
      return false;
  }
}

}  // namespace luamig::broker
