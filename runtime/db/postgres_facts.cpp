#include "db/postgres_facts.hpp"

#include <pg_query.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "db/lexer.hpp"
#include "db/postgres_rules.hpp"
#include "db/shared_library.hpp"

namespace luamig::db {

namespace {

constexpr std::size_t kept_answers = 1024;

std::string unquoted(std::string_view name) {
  std::string out(name);
  std::erase(out, '"');
  return out;
}

/// For a text with a syntax error somewhere. libpg_query's scanner is no help: it leaves out what
/// does not begin with a keyword.
std::vector<std::string_view> split_lexically(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t start = 0;
  int depth = 0;
  const auto cut = [&](std::size_t end) {
    const std::string_view one = bare(text.substr(start, end - start), engine::postgresql);
    if (!one.empty()) out.push_back(one);
    start = end;
  };
  lexer tokens{text, engine::postgresql};
  while (const auto t = tokens.next()) {
    if (t->text == "(") ++depth;
    if (t->text == ")") --depth;
    if (t->text == ";" && depth <= 0) cut(static_cast<std::size_t>(t->text.data() - text.data()));
  }
  cut(text.size());
  return out;
}

void add_once(std::vector<std::string>& to, std::string name) {
  if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(std::move(name));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c < 0;
}

/// The text with every number as 0, so that a loop of statements that differ in nothing else is
/// parsed once. A text with quotes, parameters or comments, where digits may mean more, stays
/// whole.
std::string shape_of(std::string_view sql) {
  std::string shape(sql);
  if (sql.find_first_of("'\"$`\\") != std::string_view::npos ||
      sql.find("--") != std::string_view::npos || sql.find("/*") != std::string_view::npos) {
    return shape;
  }
  std::size_t end = 0;
  for (std::size_t i = 0; i < sql.size();) {
    const bool number = is_digit(sql[i]) && (i == 0 || !is_word(sql[i - 1]));
    shape[end++] = number ? '0' : sql[i];
    ++i;
    while (number && i < sql.size() && is_digit(sql[i])) ++i;
  }
  shape.resize(end);
  return shape;
}

/// The text with blanks for its comments where they may stand in each other: the parser's scanner
/// takes quadratic time for those. Offsets stay. A backslash, which means something else in a
/// string that goes on from another line, could show the lexer a comment where there is none: then
/// nothing is taken out.
std::string without_nested_comments(std::string_view sql) {
  std::string out(sql);
  const std::size_t first = sql.find("/*");
  if (first == std::string_view::npos || sql.find("/*", first + 2) == std::string_view::npos ||
      sql.find('\\') != std::string_view::npos) {
    return out;
  }
  lexer tokens{sql, engine::postgresql};
  while (const auto t = tokens.next()) {
    if (t->what != token::sort::space) continue;
    const auto from = out.begin() + (t->text.data() - sql.data());
    std::replace_if(
        from, from + static_cast<std::ptrdiff_t>(t->text.size()),
        [](char c) { return c != '\n' && c != '\r'; }, ' ');
  }
  return out;
}

/// Whether its tree may be so deep (1 + 1 + 1 …) that libpg_query, which goes down it call by call,
/// would leave its stack: 70,000 levels do, and each takes two words at the least. What stands
/// between two commas, or ANDs and ORs, which are lists, is no deeper than its words are many;
/// behind a bracket that is closed its words count no longer; joins and unions go on over commas.
bool may_be_deep(std::string_view sql) {
  constexpr std::size_t most = 20'000;
  if (sql.size() < most) return false;
  struct level {
    std::size_t words = 0;
    std::size_t chained = 0;
  };
  std::vector<level> open(1);
  std::size_t around = 0;  // what the brackets that are open stand behind
  lexer tokens(sql, engine::postgresql);
  while (const auto t = tokens.next()) {
    if (t->what == token::sort::space) continue;
    level& here = open.back();
    const auto is = [&](std::string_view word) {
      return t->what == token::sort::word && text::lower_ascii(t->text) == word;
    };
    if (t->text == "(" || t->text == "[") {
      around += here.words + here.chained;
      open.emplace_back();
    } else if ((t->text == ")" || t->text == "]") && open.size() > 1) {
      open.pop_back();
      around -= open.back().words + open.back().chained;
      ++open.back().words;
    } else if (t->text == "," || is("and") || is("or")) {
      here.words = 0;
    } else {
      ++here.words;
      if (is("join") || is("union") || is("except") || is("intersect")) here.chained += 2;
    }
    if (around + open.back().words + open.back().chained > most) return true;
  }
  return false;
}

}  // namespace

struct postgres_reader::library {
  decltype(&::pg_query_parse) parse = nullptr;
  decltype(&::pg_query_free_parse_result) free_parse = nullptr;
  decltype(&::pg_query_split_with_parser) split_by_parser = nullptr;
  decltype(&::pg_query_free_split_result) free_split = nullptr;

  library() {
    const shared_library file{{"libpg_query.so.1504.0", "libpg_query.so"},
                              "libpg-query1504.0",
                              "PostgreSQL's parser (libpg_query)"};
    file.find("pg_query_parse", parse);
    file.find("pg_query_free_parse_result", free_parse);
    file.find("pg_query_split_with_parser", split_by_parser);
    file.find("pg_query_free_split_result", free_split);
  }

  /// The parse tree as JSON text, nothing for a syntax error.
  [[nodiscard]] std::optional<std::string> tree(std::string_view sql) const {
    const PgQueryParseResult result = parse(without_nested_comments(sql).c_str());
    std::optional<std::string> out;
    if (result.error == nullptr) out = result.parse_tree;
    free_parse(result);
    return out;
  }

  /// Nothing where it does not get through the text.
  [[nodiscard]] std::optional<std::vector<std::string_view>> split(std::string_view text) const {
    const PgQuerySplitResult result = split_by_parser(without_nested_comments(text).c_str());
    std::optional<std::vector<std::string_view>> out;
    if (result.error == nullptr) out.emplace();
    for (int i = 0; out && i < result.n_stmts; ++i) {
      const auto from = static_cast<std::size_t>(result.stmts[i]->stmt_location);
      const auto size = static_cast<std::size_t>(result.stmts[i]->stmt_len);
      const std::string_view rest = text.substr(from);
      const std::string_view one =
          bare(size == 0 ? rest : rest.substr(0, size), engine::postgresql);
      if (!one.empty()) out->push_back(one);
    }
    free_split(result);
    return out;
  }
};

postgres_reader::postgres_reader() = default;
postgres_reader::~postgres_reader() = default;

const postgres_reader::library& postgres_reader::parser() {
  if (!library_) library_ = std::make_unique<library>();
  return *library_;
}

void postgres_reader::protect(const std::vector<std::string>& tables) {
  protected_.clear();
  schemas_.clear();
  known_.clear();
  for (const std::string& table : tables) {
    const std::size_t dot = table.rfind('.');
    if (dot != std::string::npos) add_once(schemas_, unquoted(table.substr(0, dot)));
    add_once(protected_, unquoted(dot == std::string::npos ? table : table.substr(dot + 1)));
  }
}

const postgres_reader::answer& postgres_reader::read(std::string_view sql) {
  std::string shape = shape_of(sql);
  if (const auto found = known_.find(shape); found != known_.end()) return found->second;
  if (known_.size() >= kept_answers) known_.clear();
  answer made = analyse(sql);
  return known_.emplace(std::move(shape), std::move(made)).first->second;
}

postgres_reader::answer postgres_reader::analyse(std::string_view sql) {
  answer out;
  if (may_be_deep(sql)) {
    out.facts.refusal = "a script may not nest a statement this deeply";
    return out;
  }
  const std::optional<std::string> tree = parser().tree(sql);
  const nlohmann::json parsed =
      tree ? nlohmann::json::parse(*tree, nullptr, false) : nlohmann::json{};
  if (!parsed.is_object()) {
    out.facts.refusal = "the statement cannot be read by the parser of PostgreSQL 15";
    return out;
  }
  out.parsed = true;
  const nlohmann::json& statements = parsed["stmts"];
  if (statements.size() != 1) {
    out.facts.refusal = statements.empty() ? "there is no statement in the text"
                                           : "there is more than one statement in the text";
    return out;
  }
  judge_statement(statements[0]["stmt"], {protected_, schemas_}, out);
  return out;
}

std::vector<std::string_view> postgres_reader::split(std::string_view text) {
  if (auto out = parser().split(text)) return std::move(*out);
  return split_lexically(text);
}

}  // namespace luamig::db
