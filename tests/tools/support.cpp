// SPDX-License-Identifier: MIT
#include <tests/tools/support.hpp>

#include <gtest/gtest.h>

#include <sstream>
#include <utility>

#include <portsock/address.hpp>

namespace portsock::tests {

void watched_text::expect(std::string_view part) const {
  if (!buffer_.wait_for(part)) ADD_FAILURE() << '"' << part << "\" is not in: " << text();
}

std::string watched_text::buffer::text() const {
  const std::lock_guard held{lock_};
  return text_;
}

bool watched_text::buffer::wait_for(std::string_view part) const {
  std::unique_lock held{lock_};
  return more_.wait_for(held, 10s, [&] { return text_.contains(part); });
}

watched_text::buffer::int_type watched_text::buffer::overflow(int_type next) {
  const char byte = traits_type::to_char_type(next);
  xsputn(&byte, 1);
  return traits_type::not_eof(next);
}

std::streamsize watched_text::buffer::xsputn(const char* bytes, std::streamsize size) {
  const std::lock_guard held{lock_};
  text_.append(bytes, static_cast<std::size_t>(size));
  more_.notify_all();
  return size;
}

struct quiet_input::state {
  /// A stream that owns its buffer, because the tool may hold it longer than the test.
  class stream : public std::istream {
   public:
    explicit stream(std::shared_ptr<state> with) : std::istream{nullptr}, buffer_{std::move(with)} {
      rdbuf(&buffer_);
    }

   private:
    class buffer : public std::streambuf {
     public:
      explicit buffer(std::shared_ptr<state> with) : with_{std::move(with)} {}

     protected:
      int_type underflow() override {
        std::unique_lock held{with_->lock};
        with_->changed.wait(held, [this] { return with_->let_go; });
        return traits_type::eof();
      }

     private:
      std::shared_ptr<state> with_;
    };
    buffer buffer_;
  };

  std::mutex lock;
  std::condition_variable changed;
  bool let_go = false;
};

quiet_input::quiet_input()
    : state_{std::make_shared<state>()}, stream_{std::make_shared<state::stream>(state_)} {}

quiet_input::~quiet_input() {
  const std::lock_guard held{state_->lock};
  state_->let_go = true;
  state_->changed.notify_all();
}

std::shared_ptr<std::istream> input(std::string text) {
  return std::make_shared<std::istringstream>(std::move(text));
}

running_send::running_send(tools::send_options options, std::shared_ptr<std::istream> from)
    : code_{in_background([this, options = std::move(options), from = std::move(from)] {
        return tools::send(options, from, output, log, stop_);
      })} {}

running_send::~running_send() { interrupt(); }

running_listen::running_listen(tools::listen_options options, std::string host) {
  options.addresses.push_back({std::move(host), 0});
  code_ = in_background(
      [this, options = std::move(options)] { return tools::listen(options, output, log, stop_); });
}

running_listen::~running_listen() { interrupt(); }

endpoint running_listen::where() const {
  constexpr std::string_view announced = "listening on ";
  log.expect(announced);
  log.expect("\n");
  const auto text = log.text();
  const auto begin = text.find(announced) + announced.size();
  return parse_endpoint(std::string_view{text}.substr(begin, text.find('\n') - begin)).value();
}

tools::send_options to(const endpoint& peer) {
  tools::send_options options;
  options.host = to_string(peer.address);
  options.port = peer.port;
  return options;
}

}  // namespace portsock::tests
