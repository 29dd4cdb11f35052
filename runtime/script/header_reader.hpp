#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "script/block_skipper.hpp"
#include "script/header.hpp"
#include "script/header_builder.hpp"
#include "script/header_name.hpp"

namespace luamig::script {

/// Reads everything of a header but the comment. The bytes are known to be text.
class header_reader {
 public:
  header_reader(std::string_view source, std::string_view path)
      : tokens_(source, path), source_(source), path_(path), built_(path) {}

  /// One of these, to be called once. Throws as `scan_lua`, as `scan_repeatable`.
  [[nodiscard]] header read();
  [[nodiscard]] header read_repeatable();

 private:
  /// A value as far as a header can hold it.
  struct literal {
    enum class kind { nil, boolean, string, list, function, other } what = kind::other;
    bool flag = false;
    std::string text;
    std::vector<std::string> items;
  };
  /// The first `local` with a name of ours, which is an error unless the file ends in return { … }.
  struct shadowed {
    std::string_view name;
    bool is_function = false;
    int line = 0;
  };

  void statement();
  void local_statement();
  void function_statement();
  void return_statement();
  void global_statement();
  void table_field();

  void assigned(const token& name);
  void assign(header_name name, int line);
  void declare_function(header_name name, int line);
  void set(header_name name, literal value, int line);
  void set_string_list(header_name name, literal value, int line);
  void set_function(header_name name, const literal& value, int line);
  void unknown(const token& name, bool is_function) const;

  [[nodiscard]] literal read_literal();
  [[nodiscard]] literal read_list();
  [[nodiscard]] bool expression_goes_on() const;

  void check_complete() const;
  [[noreturn]] void no_revision() const;
  [[noreturn]] void not_literal(header_name name, int line) const;
  [[noreturn]] void shadows() const;
  [[noreturn]] void fail(int line, std::string message, std::string hint) const;

  block_skipper tokens_;
  std::string_view source_;
  std::string_view path_;
  header_builder built_;
  shadowed shadowed_;
  bool returns_table_ = false;
};

}  // namespace luamig::script
