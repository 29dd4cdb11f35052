#include "cli/line_editor.hpp"

#include <histedit.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cwchar>

namespace luamig::cli {
namespace {

constexpr int lines_kept = 1000;

/// Characters are UTF-8 while a line is read, and nothing else is of any place.
class characters {
 public:
  explicit characters(locale_t to) : before_(to == locale_t{} ? locale_t{} : ::uselocale(to)) {}
  ~characters() {
    if (before_ != locale_t{}) ::uselocale(before_);
  }
  characters(const characters&) = delete;
  characters& operator=(const characters&) = delete;

 private:
  locale_t before_;
};

/// As the editor's own, but a signal ends it.
int read_character(EditLine*, wchar_t* into) {
  std::mbstate_t state{};
  while (true) {
    char byte = 0;
    const ssize_t came = ::read(STDIN_FILENO, &byte, 1);
    if (came <= 0) return static_cast<int>(came);
    const std::size_t size = std::mbrtowc(into, &byte, 1, &state);
    if (size == static_cast<std::size_t>(-2)) continue;
    if (size == static_cast<std::size_t>(-1)) {
      state = {};  // no character: passed over
      continue;
    }
    return 1;
  }
}

}  // namespace

struct line_editor::inside {
  EditLine* edit = ::el_init("luamig", stdin, stderr, stderr);
  History* lines = ::history_init();
  locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
  std::string prompt;

  static char* prompt_of(EditLine* of) {
    void* self = nullptr;
    ::el_get(of, EL_CLIENTDATA, &self);
    return static_cast<inside*>(self)->prompt.data();
  }
};

line_editor::line_editor() : in_(std::make_unique<inside>()) {
  const characters as_utf8(in_->utf8);
  HistEvent told{};
  ::history(in_->lines, &told, H_SETSIZE, lines_kept);
  ::history(in_->lines, &told, H_SETUNIQUE, 1);
  ::el_set(in_->edit, EL_CLIENTDATA, in_.get());
  ::el_set(in_->edit, EL_PROMPT, inside::prompt_of);
  ::el_set(in_->edit, EL_EDITOR, "emacs");
  ::el_set(in_->edit, EL_HIST, ::history, in_->lines);
  ::el_set(in_->edit, EL_SIGNAL, 0);
  ::el_set(in_->edit, EL_GETCFN, read_character);
}

line_editor::~line_editor() {
  ::el_end(in_->edit);
  ::history_end(in_->lines);
  if (in_->utf8 != locale_t{}) ::freelocale(in_->utf8);
}

bool line_editor::read(const std::string& prompt, std::string& line) {
  const characters as_utf8(in_->utf8);
  in_->prompt = prompt;
  int length = 0;
  const char* const typed = ::el_gets(in_->edit, &length);
  if (typed == nullptr || length <= 0) {
    (void)std::fputc('\n', stderr);
    return false;
  }
  line.assign(typed, static_cast<std::size_t>(length));
  if (line.ends_with('\n')) line.pop_back();
  HistEvent told{};
  if (!line.empty()) ::history(in_->lines, &told, H_ENTER, line.c_str());
  return true;
}

}  // namespace luamig::cli
