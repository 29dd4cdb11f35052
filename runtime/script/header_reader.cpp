#include "script/header_reader.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace luamig::script {
namespace {

bool is_function_name(header_name name) { return name >= header_name::upgrade; }

bool begins_statement(const token& before) {
  switch (before.kind) {
    case token_kind::end_of_file:
    case token_kind::name:
    case token_kind::string:
    case token_kind::number:
    case token_kind::close:
    case token_kind::end_:
    case token_kind::nil_:
    case token_kind::true_:
    case token_kind::false_:
      return true;
    default:
      return before.is(';');
  }
}

std::string_view expected(header_name name) {
  switch (name) {
    case header_name::revision:
      return "a literal string";
    case header_name::transactional:
      return "literally true or false";
    case header_name::irreversible:
      return "a literal string, the reason";
    default:
      return "a literal string, a list of strings or nil";
  }
}

/// What a right value of this name looks like.
std::string_view example(header_name name) {
  switch (name) {
    case header_name::revision:
      return "revision = \"c0ffee123456\"";
    case header_name::down_revision:
      return "down_revision = \"77b0c1d2e3f4\", nil for a base, {\"a\", \"b\"} for a merge";
    case header_name::depends_on:
      return "depends_on = \"id\" or {\"id\", \"label\"} or nil";
    case header_name::branch_labels:
      return "branch_labels = \"billing\" or {\"billing\", \"invoices\"} or nil";
    case header_name::transactional:
      return "transactional = true or false";
    case header_name::irreversible:
      return "irreversible = \"why it cannot be undone\"";
    case header_name::environments:
      return "environments = {\"production\", \"staging\"} or nil";
    case header_name::upgrade:
      return "function upgrade() … end";
    case header_name::downgrade:
      return "function downgrade() … end";
    case header_name::verify:
      return "function verify() … end";
  }
  return "";
}

}  // namespace

header header_reader::read() {
  while (tokens_.now().kind != token_kind::end_of_file) statement();
  check_complete();
  return std::move(built_.head);
}

header header_reader::read_repeatable() {
  while (tokens_.now().kind != token_kind::end_of_file) statement();
  if (shadowed_.line != 0 && !returns_table_) shadows();
  for (int i = 0; i <= static_cast<int>(header_name::verify); ++i) {
    const auto name = static_cast<header_name>(i);
    const int line = built_.line_of(name);
    if (line == 0 || name == header_name::upgrade || name == header_name::verify) continue;
    fail(line, text::in_quotes(text_of(name)) + " is not for a file of repeatable/",
         "it has upgrade() alone, and is run again when it changes; revisions lie in versions/");
  }
  if (!built_.head.has_upgrade) {
    fail(1, "the file has no upgrade()", "write function upgrade() … end");
  }
  return std::move(built_.head);
}

void header_reader::statement() {
  switch (tokens_.now().kind) {
    case token_kind::local_:
      return local_statement();
    case token_kind::function_:
      return function_statement();
    case token_kind::return_:
      return return_statement();
    case token_kind::name:
      return global_statement();
    default:
      return tokens_.step();
  }
}

void header_reader::local_statement() {
  tokens_.advance();
  const token opener = tokens_.now();
  const bool is_function = opener.kind == token_kind::function_;
  if (is_function) tokens_.advance();
  while (tokens_.now().kind == token_kind::name) {
    const token name = tokens_.now();
    if (shadowed_.line == 0 && find_name(name.text)) {
      shadowed_ = {name.text, is_function, name.line};
    }
    tokens_.advance();
    if (!tokens_.now().is(',')) break;
    tokens_.advance();
  }
  if (is_function) tokens_.close(opener);
}

void header_reader::function_statement() {
  const token opener = tokens_.now();
  tokens_.advance();
  const token name = tokens_.now();
  if (name.kind == token_kind::name) tokens_.advance();
  const bool is_field = tokens_.now().is('.') || tokens_.now().is(':');
  tokens_.close(opener);
  if (name.kind != token_kind::name || is_field) return;
  if (const auto known = find_name(name.text)) return declare_function(*known, name.line);
  unknown(name, true);
}

// The token before tells a statement's first name from a field, or from one of several.
void header_reader::global_statement() {
  const token before = tokens_.before();
  const token name = tokens_.now();
  tokens_.advance();
  if (before.is('.') || before.is(':')) return;
  const bool last_of_several = before.is(',') && tokens_.now().is('=');
  const bool first_of_several = begins_statement(before) && tokens_.now().is(',');
  if (const auto known = find_name(name.text); known && (last_of_several || first_of_several)) {
    fail(name.line, text::in_quotes(name.text) + " is assigned together with other names",
         "give it an assignment of its own: " + std::string(example(*known)));
  }
  if (!tokens_.now().is('=') || last_of_several) return;
  tokens_.advance();
  assigned(name);
}

void header_reader::return_statement() {
  tokens_.advance();
  const token opener = tokens_.now();
  if (opener.text != "{") return;
  returns_table_ = true;
  tokens_.advance();
  while (tokens_.now().text != "}") {
    if (tokens_.now().kind == token_kind::end_of_file) {
      fail(opener.line, "'{' is never closed", "its '}' is missing");
    }
    table_field();
  }
  tokens_.advance();
  if (tokens_.now().is(';')) tokens_.advance();
  if (tokens_.now().kind != token_kind::end_of_file) {
    fail(tokens_.now().line, "return { … } is not the end of the file",
         "let it return one table and nothing else");
  }
}

void header_reader::table_field() {
  const token key = tokens_.now();
  if (key.kind == token_kind::name) {
    tokens_.advance();
    if (tokens_.now().is('=')) {
      tokens_.advance();
      assigned(key);
    }
  }
  const auto ends = [](const token& t) {
    return t.is(',') || t.is(';') || t.text == "}" || t.kind == token_kind::end_of_file;
  };
  while (!ends(tokens_.now())) tokens_.step();
  if (tokens_.now().kind == token_kind::symbol) tokens_.advance();
}

void header_reader::assigned(const token& name) {
  if (const auto known = find_name(name.text)) return assign(*known, name.line);
  unknown(name, tokens_.now().kind == token_kind::function_);
}

void header_reader::assign(header_name name, int line) {
  literal value = read_literal();
  const bool ends = !expression_goes_on();
  if (!ends && !is_function_name(name)) not_literal(name, line);
  if (!ends) value.what = literal::kind::other;
  set(name, std::move(value), line);
}

void header_reader::declare_function(header_name name, int line) {
  literal value;
  value.what = literal::kind::function;
  set(name, std::move(value), line);
}

void header_reader::set(header_name name, literal value, int line) {
  built_.first_time(name, line, text::in_quotes(text_of(name)) + " is set");
  if (is_function_name(name)) return set_function(name, value, line);
  const bool is_nil = value.what == literal::kind::nil;
  switch (name) {
    case header_name::revision:
      if (value.what != literal::kind::string) not_literal(name, line);
      built_.set_revision(std::move(value.text), line);
      break;
    case header_name::transactional:
      if (!is_nil && value.what != literal::kind::boolean) not_literal(name, line);
      built_.head.transactional = is_nil || value.flag;
      break;
    case header_name::irreversible:
      if (!is_nil && (value.what != literal::kind::string || text::trim(value.text).empty())) {
        not_literal(name, line);
      }
      built_.head.irreversible = std::move(value.text);
      break;
    default:
      set_string_list(name, std::move(value), line);
  }
}

void header_reader::set_string_list(header_name name, literal value, int line) {
  if (value.what == literal::kind::string) {
    value.items.push_back(std::move(value.text));
  } else if (value.what != literal::kind::list && value.what != literal::kind::nil) {
    not_literal(name, line);
  }
  built_.set_list(name, std::move(value.items), line);
}

// A name or call may well be a function: loading the file tells.
void header_reader::set_function(header_name name, const literal& value, int line) {
  const bool may_be_function =
      value.what == literal::kind::function || value.what == literal::kind::other;
  if (!may_be_function) {
    fail(line, text::in_quotes(text_of(name)) + " is not a function",
         "write " + std::string(example(name)));
  }
  if (name == header_name::upgrade) built_.head.has_upgrade = true;
  if (name == header_name::downgrade) built_.head.has_downgrade = true;
  if (name == header_name::verify) built_.head.has_verify = true;
}

void header_reader::unknown(const token& name, bool is_function) const {
  const auto near = meant_name(
      name.text, is_function ? header_name::upgrade : header_name::revision, header_name::verify);
  if (!near) return;
  fail(name.line,
       "unknown name " + text::in_quotes(name.text) + " (did you mean " + text::in_quotes(*near) +
           "?)",
       "a name of your own is declared with `local`");
}

header_reader::literal header_reader::read_literal() {
  literal value;
  const token first = tokens_.now();
  switch (first.kind) {
    case token_kind::nil_:
      value.what = literal::kind::nil;
      break;
    case token_kind::true_:
    case token_kind::false_:
      value.what = literal::kind::boolean;
      value.flag = first.kind == token_kind::true_;
      break;
    case token_kind::string:
      value.what = literal::kind::string;
      value.text = string_value(first, path_);
      break;
    case token_kind::function_:
      value.what = literal::kind::function;
      tokens_.step();
      return value;
    case token_kind::open:
      if (first.text == "{") return read_list();
      return value;
    default:
      return value;
  }
  tokens_.advance();
  return value;
}

// A table that is not a list of strings is skipped whole and stays `other`.
header_reader::literal header_reader::read_list() {
  const token opener = tokens_.now();
  tokens_.advance();
  literal value;
  while (tokens_.now().kind == token_kind::string) {
    value.items.push_back(string_value(tokens_.now(), path_));
    tokens_.advance();
    if (!tokens_.now().is(',') && !tokens_.now().is(';')) break;
    tokens_.advance();
  }
  if (tokens_.now().text == "}") value.what = literal::kind::list;
  tokens_.close(opener);
  return value;
}

// After a literal only an operator goes on: a bracket would begin the next statement.
bool header_reader::expression_goes_on() const {
  const token& t = tokens_.now();
  if (t.kind == token_kind::and_or) return true;
  if (t.is(',')) return !returns_table_;
  return t.kind == token_kind::symbol && !t.is(';');
}

void header_reader::check_complete() const {
  if (shadowed_.line != 0 && !returns_table_) shadows();
  if (built_.line_of(header_name::revision) == 0) no_revision();
  if (!built_.head.has_upgrade) {
    fail(built_.head.revision_line, "the file has no upgrade()",
         "write function upgrade() … end; it may be empty");
  }
  if (!built_.head.has_downgrade && built_.head.irreversible.empty()) {
    fail(built_.head.revision_line, "the file has no downgrade()",
         "write function downgrade() … end, or say why not: irreversible = \"the reason\"");
  }
}

// The error path may scan once more: it tells a file without a revision from one that hides it.
void header_reader::no_revision() const {
  lua_lexer lexer(source_, path_);
  token before;
  for (token t = lexer.next(); t.kind != token_kind::end_of_file; t = lexer.next()) {
    if (before.text == "revision" && t.is('=')) {
      fail(before.line, "'revision' is not set at the top level of the file",
           "the header is read without running the file: write it outside of any block");
    }
    before = t;
  }
  fail(1, "the file has no revision",
       "write revision = \"…\" at the top, or move a file that is no migration to lib/");
}

void header_reader::not_literal(header_name name, int line) const {
  fail(line, text::in_quotes(text_of(name)) + " must be " + std::string(expected(name)),
       "write " + std::string(example(name)) + "; the header is read without running the file");
}

void header_reader::shadows() const {
  const std::string what = shadowed_.is_function ? "local function " : "local ";
  fail(shadowed_.line,
       text::in_quotes(what + std::string(shadowed_.name)) + " hides the name from luamig",
       "leave out `local`: each file has an environment of its own, nothing leaks");
}

void header_reader::fail(int line, std::string message, std::string hint) const {
  throw error_at(errc::script, path_, line, std::move(message), std::move(hint));
}

}  // namespace luamig::script
