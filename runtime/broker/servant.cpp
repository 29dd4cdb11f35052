#include "broker/servant.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/text.hpp"
#include "broker/servant_parts.hpp"
#include "db/mask.hpp"
#include "engine/script_output.hpp"
#include "script/checksum.hpp"

namespace luamig::broker {
namespace {

constexpr std::size_t most_open = 4096;             // results, writers and files, each
constexpr std::size_t most_tallies = 65'536;        // counts that are not settled
constexpr std::size_t most_savepoints = 65'536;     // Lua's stack ends before
constexpr std::size_t most_of_rows = 1024U * 1024;  // bytes of a message, but for a longer row
constexpr std::size_t most_of_a_read = 1024U * 1024;

/// A path that names something beneath the directory, of whoever asks.
std::vector<std::string> get_path(unpacker& from) {
  std::vector<std::string> parts = get_texts(from);
  const bool sound =
      !parts.empty() && std::none_of(parts.begin(), parts.end(), [](const std::string& part) {
        return part.empty() || part == "." || part == ".." ||
               part.find_first_of(std::string_view("/\0", 2)) != std::string::npos;
      });
  if (!sound) throw bad_frame("no path");
  return parts;
}

/// How many bytes a row takes.
std::size_t size_of_row(const db::row_block& block, std::size_t row) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < block.columns(); ++i) {
    const db::cell& c = block.at(row, i);
    size += sizeof c + (c.kind >= db::cell_kind::decimal ? c.size : 0);
  }
  return size;
}

bool is_lua(const std::vector<std::string>& parts) { return parts.back().ends_with(".lua"); }

}  // namespace

servant::servant(worker::channel& to, means with) : to_(to), with_(std::move(with)) {}

servant::~servant() = default;

void servant::begin(engine::session* on, const engine::step_context* step, bool env,
                    std::map<std::string, std::string>* required) {
  on_ = on;
  books_ = step == nullptr ? engine::books{} : step->where;
  base_depth_ = on == nullptr ? 0 : on->depth();
  durable_ = on != nullptr && on->takes_steps();
  env_ = env;
  required_ = required;
  printed_ = 0;
  told_codes_.clear();
  told_words_.clear();
  last_file_.clear();
  last_line_ = 0;
}

void servant::end() {
  rows_.clear();
  writers_.clear();
  files_.clear();
  tallies_.clear();
  on_ = nullptr;
  required_ = nullptr;
}

engine::session& servant::on() const {
  if (on_ == nullptr) throw bad_frame("there is no database in this call");
  return *on_;
}

void servant::note_place(std::string_view file, int line) {
  if (line <= 0) return;
  last_file_ = text::shorten(text::one_line(file), 200);
  last_line_ = line;
}

engine::statement servant::statement_of(unpacker& from) {
  engine::statement s = get_statement(from);
  note_place(s.file, s.line);
  return s;
}

bool servant::serve(const worker::frame& asked) {
  if (asked.kind > static_cast<unsigned char>(last_verb)) throw bad_frame("no such message");
  const verb about = static_cast<verb>(asked.kind);
  if (about == verb::done || about == verb::failed || about == verb::ready) return false;
  unpacker from(asked.bytes);
  if (hear(about, from)) {
    from.end();
    return true;
  }
  packer out;
  verb how = verb::answer;
  try {
    answer(about, from, out);
    if (out.bytes().size() > worker::most_of_a_frame)
      throw error{errc::migration, "more than 64 MB at once, which is too much under --sandbox",
                  "read less in one call; or --sandbox=off"};
  } catch (const error& e) {
    out = {};
    how = verb::failure;
    put(out, e);
    note_told(e);
  }
  to_.send(static_cast<unsigned char>(how), out);
  return true;
}

void servant::note_told(const error& e) {
  told_codes_.insert(e.code);
  if (told_words_.size() >= most_open) return;
  told_words_.insert(e.kind);
  told_words_.insert(e.sqlstate);
}

/// What nothing comes back for.
bool servant::hear(verb about, unpacker& from) {
  switch (about) {
    case verb::message: {
      const auto how = from.one_of(engine::observer::level::warning);
      engine::say_line(with_.watching, printed_, how, from.text());
      return true;
    }
    case verb::rows_worked: {
      engine::observer::rows_done done = get_rows_done(from);
      done.what = text::shorten(text::escape_controls(db::mask(done.what)), 200);
      with_.watching.rows_worked(done);
      return true;
    }
    case verb::entered:
      if (on().depth() >= most_savepoints) throw bad_frame("too many savepoints");
      (void)on().enter();
      return true;
    case verb::close_rows:
      rows_.erase(from.number<std::uint64_t>());
      return true;
    case verb::drop_writer:
      writers_.erase(from.number<std::uint64_t>());
      return true;
    case verb::drop_file:
      files_.erase(from.number<std::uint64_t>());
      return true;
    default:
      return false;
  }
}

void servant::answer(verb about, unpacker& from, packer& out) {
  const bool known = answer_database(about, from, out) || answer_rows(about, from, out) ||
                     answer_step(about, from, out) || answer_files(about, from, out);
  if (!known) throw bad_frame("no request");
  from.end();
}

void servant::keep_rows(std::unique_ptr<engine::row_source> rows, packer& out) {
  if (rows_.size() >= most_open)
    throw error{errc::migration, "too many queries are open at once", "end their loops"};
  out.put(next_id_);
  put(out, rows->columns());
  auto made = std::make_unique<reader>();
  made->rows = std::move(rows);
  rows_.emplace(next_id_++, std::move(made));
}

/// What is left of a block of the database's, which counts its rows alone, or the next one.
void servant::put_next_rows(reader& of, packer& out) {
  const bool begun = of.sent > 0 && of.sent < of.rows->block().rows();
  const bool more = begun || of.rows->next_block();
  out.put(static_cast<unsigned char>(more));
  if (!more) return;
  const db::row_block& block = of.rows->block();
  if (!begun) of.sent = 0;
  if (!begun && block.held() <= most_of_rows) {
    of.sent = block.rows();
    return put(out, block);
  }
  db::row_block part;
  part.clear(block.columns());
  do {
    for (std::size_t i = 0; i < block.columns(); ++i) part.add_copy(block, block.at(of.sent, i));
    ++of.sent;
  } while (of.sent < block.rows() && part.held() + size_of_row(block, of.sent) <= most_of_rows);
  put(out, part);
}

bool servant::answer_rows(verb about, unpacker& from, packer& out) {
  switch (about) {
    case verb::query: {
      engine::statement s = statement_of(from);
      const bool streaming = from.flag();
      keep_rows(on().query(std::move(s), streaming), out);
      return true;
    }
    case verb::look:
      keep_rows(on().look(statement_of(from)), out);
      return true;
    case verb::fetch: {
      const auto found = rows_.find(from.number<std::uint64_t>());
      if (found == rows_.end()) throw bad_frame("no such query");
      put_next_rows(*found->second, out);
      return true;
    }
    case verb::execute_each: {
      const auto id = from.number<std::uint64_t>();
      const engine::statement s = statement_of(from);
      db::row_block rows;
      get_rows(from, rows);
      if (tallies_.size() >= most_tallies) throw bad_frame("too many counts");
      db::tally& affected = tallies_[id];
      if (!affected) affected = std::make_shared<std::int64_t>(0);
      on().execute_each(s, rows, affected);
      return true;
    }
    case verb::settle: {
      const auto sent = tallies_.extract(from.number<std::uint64_t>());
      out.put(on().settle(sent ? sent.mapped() : std::make_shared<std::int64_t>(0)));
      return true;
    }
    case verb::open_writer: {
      db::row_target into = get_target(from);
      std::string file(from.text());
      const int line = from.number<int>();
      const bool takes_refusals = from.flag();
      note_place(file, line);
      if (writers_.size() >= most_open) throw bad_frame("too many writers");
      auto made = std::make_unique<writer>();
      made->rows = on().write_rows(
          std::move(into), std::move(file), line,
          !takes_refusals
              ? engine::row_intake::refusal()
              : [this](std::int64_t number, const db::row_block& rows, std::size_t row,
                       const error& why) { ask_about_refusal(number, rows, row, why); });
      out.put(next_id_);
      writers_.emplace(next_id_++, std::move(made));
      return true;
    }
    case verb::put_rows:
    case verb::settle_writer:
    case verb::finish_writer: {
      const auto found = writers_.find(from.number<std::uint64_t>());
      if (found == writers_.end()) throw bad_frame("no such writer");
      put_rows(*found->second, from);
      if (about == verb::settle_writer) found->second->rows->settle();
      if (about == verb::finish_writer) {
        out.put(found->second->rows->finish());
        writers_.erase(found);
      }
      return true;
    }
    default:
      return false;
  }
}

void servant::put_rows(writer& into, unpacker& from) {
  const std::string_view raw = from.text();
  db::row_block rows;
  get_rows(from, rows);
  const std::size_t count = raw.size() / sizeof(std::int64_t);
  const std::size_t width = into.rows->target().columns.size();
  if (raw.size() % sizeof(std::int64_t) != 0 || rows.columns() != width || rows.rows() != count)
    throw bad_frame("rows of another writer");
  unpacker numbers(raw);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t column = 0; column < width; ++column)
      into.rows->room().add_copy(rows, rows.at(i, column));
    into.rows->end_row(numbers.number<std::int64_t>());
  }
}

/// The worker decides, while its own question waits. Until it has, it may only say something: the
/// writer, and whatever made it write, are in use.
void servant::ask_about_refusal(std::int64_t number, const db::row_block& rows, std::size_t row,
                                const error& why) {
  db::row_block one;
  one.clear(rows.columns());
  for (std::size_t i = 0; i < rows.columns(); ++i) one.add_copy(rows, rows.at(row, i));
  packer out;
  out.put(number);
  put(out, why);
  put(out, one);
  to_.send(static_cast<unsigned char>(verb::refused), out);
  while (true) {
    worker::frame reply = to_.receive_always();
    unpacker from(reply.bytes);
    if (reply.kind == static_cast<unsigned char>(verb::answer)) return;
    if (reply.kind == static_cast<unsigned char>(verb::failure)) throw of_script(get_error(from));
    if (reply.kind != static_cast<unsigned char>(verb::message))
      throw bad_frame("a request where a refusal is to be answered");
    (void)hear(verb::message, from);
    from.end();
  }
}

bool servant::answer_files(verb about, unpacker& from, packer& out) {
  switch (about) {
    case verb::library: {
      const std::vector<std::string> parts = get_path(from);
      const bool may = is_lua(parts) && (parts.front() == "lib" || parts.front() == "models.lua");
      const auto found = may ? with_.files.library(parts) : std::nullopt;
      if (found && required_ != nullptr)
        required_->insert_or_assign(text::join(parts, "/"),
                                    script::checksum(script::normalise(*found)));
      put_optional(out, found);
      return true;
    }
    case verb::text: {
      const std::vector<std::string> parts = get_path(from);
      put_optional(out, is_lua(parts) ? with_.files.text(parts) : std::nullopt);
      return true;
    }
    case verb::libraries:
      put(out, with_.files.libraries());
      return true;
    case verb::env:
      put_optional(out, with_.files.env());
      return true;
    case verb::open_file: {
      const std::vector<std::string> parts = get_path(from);
      if (files_.size() >= most_open) throw bad_frame("too many files");
      auto opened = std::make_unique<open_file>();
      opened->read = with_.files.open(parts);
      out.put(opened->read ? next_id_ : 0);
      if (opened->read) files_.emplace(next_id_++, std::move(opened));
      return true;
    }
    case verb::create_file: {
      const std::vector<std::string> parts = get_path(from);
      const bool replaces = from.flag();
      if (files_.size() >= most_open) throw bad_frame("too many files");
      auto opened = std::make_unique<open_file>();
      (void)on();
      opened->write = with_.files.create(parts, replaces);
      out.put(next_id_);
      files_.emplace(next_id_++, std::move(opened));
      return true;
    }
    case verb::read_file:
    case verb::write_file:
    case verb::finish_file: {
      const auto found = files_.find(from.number<std::uint64_t>());
      if (found == files_.end()) throw bad_frame("no such file");
      open_file& file = *found->second;
      if ((about == verb::read_file) != static_cast<bool>(file.read))
        throw bad_frame("a file of the other kind");
      if (about == verb::read_file) {
        std::string room(std::min<std::uint64_t>(from.number<std::uint64_t>(), most_of_a_read), 0);
        room.resize(file.read(room));
        out.put(room);
      } else if (about == verb::write_file) {
        file.write->write(from.text());
      } else {
        file.write->finish(on());
        files_.erase(found);
      }
      return true;
    }
    case verb::secret: {
      const std::string_view name = from.text();
      if (on().offline()) throw bad_frame("a secret in a text");
      out.put(with_.secret ? with_.secret(name) : std::string());
      return true;
    }
    case verb::variable: {
      const std::string name(from.text());
      const char* const found = env_ ? std::getenv(name.c_str()) : nullptr;
      put_optional(out, found == nullptr ? std::nullopt : std::optional<std::string>(found));
      return true;
    }
    default:
      return false;
  }
}

}  // namespace luamig::broker
