// The worker's half: it takes calls one after the other, until nobody is there any more.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "broker/broker_host.hpp"
#include "broker/link.hpp"
#include "broker/remote_door.hpp"

namespace luamig::broker {
namespace {

constexpr std::uint64_t beside_scripts = 512U * 1024 * 1024;  // messages, the program, Lua's slack

// A signal handler has no argument of its own: the one static pointer of the worker.
std::atomic<bindings::lua_scripts*> to_stop{nullptr};
std::atomic<const std::atomic<int>*> why_to_stop{nullptr};

extern "C" void stop_scripts(int) {
  bindings::lua_scripts* const scripts = to_stop.load();
  const std::atomic<int>* const why = why_to_stop.load();
  if (scripts != nullptr && why != nullptr) scripts->interrupt(why->load());
}

class worker_half {
 public:
  worker_half(worker::channel to, worker::layers there)
      : host_(std::move(to)),
        there_(there),
        files_(std::make_shared<remote_files>(host_)),
        says_(host_) {}

  [[noreturn]] void serve(worker::frame first) {
    take(first);
    while (true) {
      const worker::frame called = host_.next();
      take(called);
    }
  }

 private:
  void take(const worker::frame& called) {
    packer out;
    verb how = verb::done;
    try {
      unpacker from(called.bytes);
      call(static_cast<verb>(called.kind), from, out);
    } catch (const error& e) {
      how = verb::failed;
      out = {};
      put(out, e);
    }
    host_.tell(how, out);
  }

  void call(verb what, unpacker& from, packer& out) {
    switch (what) {
      case verb::begin:
        return begin(from, out);
      case verb::load: {
        const auto way = from.one_of(graph::direction::repeat);
        auto script = std::make_unique<script::script>(get_script(from));
        auto& kept = loaded_[script->head.revision];
        kept = std::move(script);
        return scripts_->load(*kept, way);
      }
      case verb::consult: {
        std::optional<remote_door> on;
        if (from.flag()) on.emplace(host_, get_state(from));
        const std::string_view function = from.text();
        return put(out, scripts_->consult_on(function, get_texts(from), on ? &*on : nullptr));
      }
      case verb::url:
        return put_optional(out, scripts_->url());
      case verb::on_error: {
        const engine::step_context step = step_of(from);
        return scripts_->on_error(step, get_error(from));
      }
      default:
        break;
    }
    const engine::step_context step = step_of(from);
    remote_door on(host_, get_state(from));
    if (what == verb::enter) {
      engine::shell_entry entry;
      for (std::string_view* text : {&entry.text, &entry.name}) *text = from.text();
      entry.last = from.flag();
      return put_optional(out, scripts_->enter_on(step, on, entry));
    }
    if (what == verb::run) return scripts_->run_on(step, on);
    const std::string text(from.text());
    if (what == verb::perform) return scripts_->perform_on(step, on, text);
    scripts_->hook_on(text == "before_step" ? "before_step" : "after_step", step, on);
  }

  engine::step_context step_of(unpacker& from) {
    std::string revision;
    engine::step_context step = get_step(from, revision);
    if (const auto found = loaded_.find(revision); found != loaded_.end())
      step.script = found->second.get();
    return step;
  }

  void begin(unpacker& from, packer& out) {
    bindings::lua_host_options options = get_options(from);
    options.secret = [this](std::string_view name) {
      const std::string answer = host_.ask(verb::secret, packer().put(name));
      return std::string(unpacker(answer).text());
    };
    options.variable = [this](const std::string& name) {
      return get_optional(host_.ask(verb::variable, packer().put(name)));
    };
    options.rest = [this](std::chrono::milliseconds time) {
      host_.ask(verb::rest, packer().put(static_cast<std::int64_t>(time.count())));
    };
    options.files = files_;
    options.compiles = false;  // machine code needs memory that can be executed
    options.relays = true;
    to_stop.store(nullptr);
    scripts_.reset();
    loaded_.clear();
    scripts_ = bindings::make_lua_host(std::move(options), says_);
    to_stop.store(scripts_.get());
    put(out, there_);
  }

  link host_;
  worker::layers there_;
  std::shared_ptr<remote_files> files_;
  remote_observer says_;
  std::map<std::string, std::unique_ptr<script::script>, std::less<>> loaded_;
  std::unique_ptr<bindings::lua_scripts> scripts_;
};

void hear_stop(const std::atomic<int>* why) {
  why_to_stop.store(why);
  struct sigaction action {};
  action.sa_handler = stop_scripts;
  sigemptyset(&action.sa_mask);
  sigaction(SIGUSR1, &action, nullptr);
}

}  // namespace

void work(const worker::process::inside& in) {
  hear_stop(in.why);
  try {
    worker::channel before(in.socket);
    worker::frame first = before.receive_always();
    const auto memory = unpacker(first.bytes).number<std::int64_t>();
    const auto most = memory == 0 ? 0 : 2 * static_cast<std::uint64_t>(memory) + beside_scripts;
    const worker::layers there = worker::lock_in(before.release(), most, in.parent);
    worker_half(worker::channel(worker::only_descriptor), there).serve(std::move(first));
  } catch (const std::exception&) {
    ::_exit(1);  // the host is gone, or it is no host
  }
}

}  // namespace luamig::broker
