// SPDX-License-Identifier: MIT
#include <tools/listen/sink.hpp>

#include <filesystem>
#include <ostream>
#include <utility>

#include <tools/common/clock_text.hpp>
#include <tools/common/files.hpp>
#include <tools/common/hexdump.hpp>
#include <tools/common/json_line.hpp>
#include <tools/common/streams.hpp>
#include <tools/listen/journal.hpp>

namespace portsock::tools {
namespace {

class no_sink : public sink {
 public:
  bool take(const party&, const_bytes) override { return true; }
};

class raw_sink : public sink {
 public:
  explicit raw_sink(std::ostream& output) : output_{output} {}
  bool take(const party&, const_bytes bytes) override { return write_now(output_, as_text(bytes)); }

 private:
  std::ostream& output_;
};

class hexdump_sink : public sink {
 public:
  explicit hexdump_sink(std::ostream& output) : output_{output} {}
  bool take(const party& who, const_bytes bytes) override {
    return dump(who, '<', who.received, bytes);
  }
  bool gave(const party& who, const_bytes bytes) override {
    return dump(who, '>', who.sent, bytes);
  }

 private:
  bool dump(const party& who, char way, std::uint64_t after, const_bytes bytes) {
    const auto prefix = to_string(who.peer) + ' ' + way + ' ';
    return write_hexdump(output_, prefix, after - bytes.size(), bytes);
  }

  std::ostream& output_;
};

class json_sink : public sink {
 public:
  json_sink(std::ostream& output, bool with_content)
      : output_{output}, with_content_{with_content} {}

  bool take(const party& who, const_bytes bytes) override {
    // The journal tells of a datagram, and its content follows as an event of its own.
    json_line line;
    line.text("event", "received").text("time", utc(std::chrono::system_clock::now()));
    line.number("id", who.number)
        .text("peer", to_string(who.peer))
        .number("size", std::uint64_t{bytes.size()});
    if (with_content_) line.content(bytes);
    return write_now(output_, line.line());
  }

 private:
  std::ostream& output_;
  const bool with_content_;
};

/// Two, one after the other.
class both_sinks : public sink {
 public:
  both_sinks(std::unique_ptr<sink> one, std::unique_ptr<sink> two)
      : one_{std::move(one)}, two_{std::move(two)} {}
  bool take(const party& who, const_bytes bytes) override {
    return good(*one_, one_->take(who, bytes)) && good(*two_, two_->take(who, bytes));
  }
  bool gave(const party& who, const_bytes bytes) override {
    return good(*one_, one_->gave(who, bytes)) && good(*two_, two_->gave(who, bytes));
  }
  bool end(const party& who) override {
    return good(*one_, one_->end(who)) && good(*two_, two_->end(who));
  }
  std::string what() const override { return failed_->what(); }

 private:
  bool good(const sink& which, bool well) {
    if (!well) failed_ = &which;
    return well;
  }
  std::unique_ptr<sink> one_;
  std::unique_ptr<sink> two_;
  const sink* failed_ = one_.get();
};

/// Another sink, whose output is a file.
class file_sink : public sink {
 public:
  file_sink(std::string name, std::unique_ptr<std::ostream> file, std::unique_ptr<sink> inner)
      : name_{std::move(name)}, file_{std::move(file)}, inner_{std::move(inner)} {}
  bool take(const party& who, const_bytes bytes) override { return inner_->take(who, bytes); }
  bool gave(const party& who, const_bytes bytes) override { return inner_->gave(who, bytes); }
  bool end(const party& who) override { return inner_->end(who); }
  std::string what() const override { return name_; }

 private:
  std::string name_;
  std::unique_ptr<std::ostream> file_;
  std::unique_ptr<sink> inner_;  // after the file that it writes to
};

std::unique_ptr<sink> formatted(const listen_options& options, std::ostream& output) {
  if (options.hexdump) return std::make_unique<hexdump_sink>(output);
  if (options.label) return make_label_sink(output);
  return std::make_unique<raw_sink>(output);
}

std::unique_ptr<sink> make_plain_sink(const listen_options& options, std::ostream& output,
                                      std::string& where) {
  if (options.output_folder) {
    std::error_code trouble;
    const auto& name = *options.output_folder;
    const std::filesystem::path folder{std::u8string{name.begin(), name.end()}};
    std::filesystem::create_directories(folder, trouble);
    where = name;
    if (!std::filesystem::is_directory(folder, trouble)) return nullptr;
    return make_folder_sink(name, options.file_name);
  }
  if (options.output) {
    where = *options.output;
    auto file = create_file(where);
    if (!file) return nullptr;
    auto inner = formatted(options, *file);
    return std::make_unique<file_sink>(where, std::move(file), std::move(inner));
  }
  if (options.discard || options.json) return std::make_unique<no_sink>();
  return formatted(options, output);
}

}  // namespace

std::unique_ptr<sink> make_sink(const listen_options& options, std::ostream& output,
                                std::string& where) {
  auto plain = make_plain_sink(options, output, where);
  if (!plain || !options.json) return plain;
  const bool elsewhere = options.output || options.output_folder || options.discard;
  return std::make_unique<both_sinks>(std::move(plain),
                                      std::make_unique<json_sink>(output, !elsewhere));
}

}  // namespace portsock::tools
