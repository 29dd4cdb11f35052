#include "broker/link.hpp"

#include <utility>

namespace luamig::broker {

void link::tell(verb about, const packer& values) {
  if (values.bytes().size() > worker::most_of_a_frame) {
    throw error{errc::migration, "more than 64 MB in one call, which is too much under --sandbox",
                "write rows by an iterator, read them by db:rows; or --sandbox=off"};
  }
  to_.send(static_cast<unsigned char>(about), values);
}

std::string link::ask(verb about, const packer& values) {
  before_asking();
  tell(about, values);
  while (true) {
    worker::frame reply = to_.receive_always();
    switch (static_cast<verb>(reply.kind)) {
      case verb::answer:
        return std::move(reply.bytes);
      case verb::failure: {
        unpacker from(reply.bytes);
        throw get_error(from);
      }
      case verb::refused:
        answer_refusal(reply.bytes);
        break;
      default:
        throw bad_frame("no answer");
    }
  }
}

/// The host waits for it as for an answer.
void link::answer_refusal(std::string_view values) {
  packer out;
  verb how = verb::answer;
  try {
    unpacker from(values);
    on_refused(from);
  } catch (const error& e) {
    how = verb::failure;
    put(out, e);
  }
  tell(how, out);
}

}  // namespace luamig::broker
