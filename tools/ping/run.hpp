// SPDX-License-Identifier: MIT
#pragma once

// One run: an engine, the numbers of each host, and the report.

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <tools/ping/report.hpp>
#include <tools/ping/targets.hpp>

namespace portsock::tools {

/// What the options mean for each host.
ping::schedule schedule_of(const ping_options& options);
ping::settings settings_of(const ping_options& options);

class run final : public ping::listener {
 public:
  /// All must outlive the run.
  run(const ping_options& options, ping::link& network, report& told, const complaints& complain,
      const ping::identity& self = ping::identity::random());

  /// A host that is called otherwise than by its address has a name. Errors: those of engine::add.
  result<> add(const ip_address& host, std::string name = {});
  /// The host has no address: it counts, and does not answer.
  void miss() noexcept { ++missing_; }

  /// Says whom it is going to ask, where the format does. `ways` are those of IPv4 and of IPv6.
  void begin(const std::array<icmp_access, 2>& ways);
  /// Sends and receives what is due; false when all is done or the deadline has passed.
  result<bool> advance();
  ping::time_point next() const noexcept;
  /// At the end.
  void summarize();
  /// In between: where each host stands, or all together where there are too many.
  void sum_up_so_far();

  std::size_t hosts() const noexcept { return pings_.size() + missing_; }
  /// Hosts that have an address.
  std::size_t started() const noexcept { return pings_.size(); }
  std::size_t answered() const noexcept { return answered_; }
  /// Of all hosts.
  const statistics& numbers() const noexcept { return total_; }

  void happened(const ping::event& what) override;

 private:
  struct account {
    statistics numbers;
    histogram spread;
  };

  subject host(std::size_t id) const;
  void add_up_orders();
  result_of_run whole() const noexcept {
    return {total_, spread_, hosts(), answered_, !accounts_.empty()};
  }
  void complain_of(const ping::event& what);

  const ping_options& options_;
  ping::link& network_;
  report& report_;
  const complaints& complain_;
  ping::engine pings_;
  ping::schedule schedule_;
  names names_;
  std::vector<bool> answers_;      // which hosts did
  std::vector<account> accounts_;  // none when there are very many, asked once
  statistics total_;
  histogram spread_;
  ping::time_point began_;
  std::size_t answered_ = 0;
  std::size_t missing_ = 0;
};

}  // namespace portsock::tools
