#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "broker/pack.hpp"
#include "broker/protocol.hpp"
#include "worker/channel.hpp"

namespace luamig::broker {

/// The worker's way to its host.
class link {
 public:
  explicit link(worker::channel to) : to_(std::move(to)) {}

  /// Asks, and waits for the answer. Throws what the host throws of it, and error{errc::migration}
  /// for a message over `most_of_a_frame`.
  std::string ask(verb about, const packer& values = {});
  /// Says something that nothing comes back for. Throws as `ask`.
  void tell(verb about, const packer& values = {});
  [[nodiscard]] worker::frame next() { return to_.receive_always(); }

  /// What is done before anything is asked: savepoints are opened late.
  std::function<void()> before_asking = [] {};
  /// A row was refused while rows are written (see row_intake::refusal).
  std::function<void(unpacker&)> on_refused = [](unpacker&) {};

 private:
  void answer_refusal(std::string_view values);

  worker::channel to_;
};

}  // namespace luamig::broker
