/** Services that Debian's /etc/services names and that rules of clouds are about; `iptables -L` prints the names. Source: netbase 6.4. */
const services: ReadonlyMap<string, string> = new Map(
  (
    "tcp:1=tcpmux,tcp:21=ftp,udp:21=fsp,tcp:22=ssh,tcp:23=telnet,tcp:25=smtp,tcp:53=domain,udp:53=domain,udp:67=bootps,udp:68=bootpc,udp:69=tftp," +
    "tcp:80=http,tcp:88=kerberos,udp:88=kerberos,tcp:110=pop3,tcp:111=sunrpc,udp:111=sunrpc,udp:123=ntp,udp:137=netbios-ns,udp:138=netbios-dgm," +
    "tcp:139=netbios-ssn,tcp:143=imap2,tcp:161=snmp,udp:161=snmp,tcp:162=snmp-trap,udp:162=snmp-trap,tcp:179=bgp,tcp:389=ldap,udp:389=ldap," +
    "tcp:443=https,udp:443=https,tcp:445=microsoft-ds,udp:500=isakmp,tcp:514=shell,udp:514=syslog,udp:546=dhcpv6-client,udp:547=dhcpv6-server," +
    "tcp:636=ldaps,udp:636=ldaps,tcp:873=rsync,tcp:993=imaps,tcp:995=pop3s,tcp:2049=nfs,udp:2049=nfs,tcp:3306=mysql,tcp:3389=ms-wbt-server," +
    "udp:5353=mdns,tcp:5432=postgresql,tcp:5672=amqp,tcp:6379=redis,tcp:8080=http-alt"
  )
    .split(",")
    .map((entry) => entry.split("=") as [string, string]),
);

/** The service's name, or the port's number where none is known. */
export function serviceName(protocol: string, port: string): string {
  return services.get(`${protocol}:${Number(port)}`) ?? port;
}

const protocolNumbers: ReadonlyMap<string, string> = new Map([
  ["all", "0"],
  ["icmp", "1"],
  ["igmp", "2"],
  ["tcp", "6"],
  ["udp", "17"],
  ["dccp", "33"],
  ["gre", "47"],
  ["esp", "50"],
  ["ah", "51"],
  ["ipv6-icmp", "58"],
  ["ospf", "89"],
  ["vrrp", "112"],
  ["sctp", "132"],
  ["udplite", "136"],
]);

/** The number of a protocol, or the name where it is not known. */
export function protocolNumber(name: string): string {
  return protocolNumbers.get(name) ?? name;
}

const icmpNames: ReadonlyMap<string, string> = new Map([
  ["any", "any"],
  ["0", "echo-reply"],
  ["3", "destination-unreachable"],
  ["3/0", "network-unreachable"],
  ["3/1", "host-unreachable"],
  ["3/2", "protocol-unreachable"],
  ["3/3", "port-unreachable"],
  ["3/4", "fragmentation-needed"],
  ["5", "redirect"],
  ["8", "echo-request"],
  ["9", "router-advertisement"],
  ["10", "router-solicitation"],
  ["11", "time-exceeded"],
  ["11/0", "ttl-zero-during-transit"],
  ["12", "parameter-problem"],
  ["13", "timestamp-request"],
  ["14", "timestamp-reply"],
]);

const icmp6Names: ReadonlyMap<string, string> = new Map([
  ["1", "destination-unreachable"],
  ["1/0", "no-route"],
  ["1/1", "communication-prohibited"],
  ["1/3", "address-unreachable"],
  ["1/4", "port-unreachable"],
  ["2", "packet-too-big"],
  ["3", "time-exceeded"],
  ["3/0", "ttl-zero-during-transit"],
  ["4", "parameter-problem"],
  ["128", "echo-request"],
  ["129", "echo-reply"],
  ["133", "router-solicitation"],
  ["134", "router-advertisement"],
  ["135", "neighbour-solicitation"],
  ["136", "neighbour-advertisement"],
  ["137", "redirect"],
]);

/** iptables's name of an ICMP type, or type and code, as iptables-save writes them. Undefined where it has none. */
export function icmpName(module: "icmp" | "icmp6", type: string): string | undefined {
  return (module === "icmp" ? icmpNames : icmp6Names).get(type);
}
