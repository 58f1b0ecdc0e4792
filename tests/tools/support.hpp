// SPDX-License-Identifier: MIT
#pragma once

// Running socksend and socklisten inside a test, and watching what they say.

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

#include <portsock/waker.hpp>
#include <tests/support/sockets.hpp>
#include <tools/listen/listen.hpp>
#include <tools/send/send.hpp>

namespace portsock::tests {

/// Text that a tool writes on one thread and a test waits for on another.
class watched_text : public std::ostream {
 public:
  watched_text() : std::ostream{&buffer_} {}

  std::string text() const { return buffer_.text(); }
  /// Waits until `part` was written, and fails the test if it is not soon.
  void expect(std::string_view part) const;

 private:
  class buffer : public std::streambuf {
   public:
    std::string text() const;
    bool wait_for(std::string_view part) const;

   protected:
    int_type overflow(int_type next) override;
    std::streamsize xsputn(const char* bytes, std::streamsize size) override;

   private:
    mutable std::mutex lock_;
    mutable std::condition_variable more_;
    std::string text_;
  };
  buffer buffer_;
};

/// A disk that is full, a reader that has gone: whatever is written is refused.
class full_stream : public std::ostream {
 public:
  full_stream() : std::ostream{&buffer_} {}

 private:
  struct buffer : std::streambuf {};
  buffer buffer_;
};

/// An input such as a terminal: nothing comes, and it does not end until it is let go.
class quiet_input {
 public:
  quiet_input();
  ~quiet_input();

  std::shared_ptr<std::istream> stream() const { return stream_; }

 private:
  struct state;
  std::shared_ptr<state> state_;
  std::shared_ptr<std::istream> stream_;
};

/// An input that can be read once, like a pipe.
std::shared_ptr<std::istream> input(std::string text);

/// A socksend that runs while the test goes on.
class running_send {
 public:
  explicit running_send(tools::send_options options,
                        std::shared_ptr<std::istream> from = input(""));
  ~running_send();

  void interrupt() { stop_.cancel(); }
  tools::exit_code wait() { return code_.get(); }

  watched_text output;
  watched_text log;

 private:
  canceller stop_ = must(canceller::create());
  std::future<tools::exit_code> code_;
};

/// A socklisten that runs while the test goes on, on ports that the system chose.
class running_listen {
 public:
  explicit running_listen(tools::listen_options options = {}, std::string host = "127.0.0.1");
  ~running_listen();

  /// Where it listens; waits until it does.
  endpoint where() const;
  void interrupt() { stop_.cancel(); }
  tools::exit_code wait() { return code_.get(); }

  watched_text output;
  watched_text log;

 private:
  canceller stop_ = must(canceller::create());
  std::future<tools::exit_code> code_;
};

/// Options for a socksend to `peer`.
tools::send_options to(const endpoint& peer);

}  // namespace portsock::tests
