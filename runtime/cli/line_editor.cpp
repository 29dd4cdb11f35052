#include "cli/line_editor.hpp"

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cwchar>

namespace luamig::cli {
namespace {

constexpr int lines_kept = 1000;
constexpr int between_looks_ms = 100;

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

}  // namespace

struct line_editor::inside {
  EditLine* edit = ::el_init("luamig", stdin, stderr, stderr);
  History* lines = ::history_init();
  locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
  std::string prompt;

  const engine::cancel* stop = nullptr;

  static inside* of_editor(EditLine* of) {
    void* self = nullptr;
    ::el_get(of, EL_CLIENTDATA, &self);
    return static_cast<inside*>(self);
  }
  static char* prompt_of(EditLine* of) { return of_editor(of)->prompt.data(); }
  static int read_character(EditLine* of, wchar_t* into);
  [[nodiscard]] bool await_byte() const;
};

/// Looks for a signal again and again: one that came just before the wait does not end it.
bool line_editor::inside::await_byte() const {
  while (stop == nullptr || stop->requested() == 0) {
    pollfd in{STDIN_FILENO, POLLIN, 0};
    const int ready = ::poll(&in, 1, between_looks_ms);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
  return false;
}

/// As the editor's own, but a signal ends it.
int line_editor::inside::read_character(EditLine* of, wchar_t* into) {
  std::mbstate_t state{};
  while (true) {
    char byte = 0;
    if (!of_editor(of)->await_byte()) return -1;
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

line_editor::line_editor(const engine::cancel* stop) : in_(std::make_unique<inside>()) {
  in_->stop = stop;
  const characters as_utf8(in_->utf8);
  HistEvent told{};
  ::history(in_->lines, &told, H_SETSIZE, lines_kept);
  ::history(in_->lines, &told, H_SETUNIQUE, 1);
  ::el_set(in_->edit, EL_CLIENTDATA, in_.get());
  ::el_set(in_->edit, EL_PROMPT, inside::prompt_of);
  ::el_set(in_->edit, EL_EDITOR, "emacs");
  ::el_set(in_->edit, EL_HIST, ::history, in_->lines);
  ::el_set(in_->edit, EL_SIGNAL, 0);
  ::el_set(in_->edit, EL_GETCFN, inside::read_character);
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
  // The editor would show the prompt first: an end of input that is typed meanwhile would be lost.
  ::el_set(in_->edit, EL_PREP_TERM, 1);
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
