// The window's state inside React: one provider and its hooks.

import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { EspTarget } from '../../engine/esp/index.ts';
import type { Host } from '../host.ts';
import type { Account, AccountState } from './account.ts';
import type { AtService, Service, ServiceState } from './service.ts';
import type { WindowState } from './types.ts';
import type { WindowActions, WindowStore } from './window-store.ts';

export interface WindowValue {
  readonly store: WindowStore;
  readonly actions: WindowActions;
  readonly host: Host;
  readonly service: Service;
  readonly account: Account;
}

const Context = createContext<WindowValue | null>(null);

export function WindowProvider({ value, children }: { readonly value: WindowValue; readonly children: ReactNode }) {
  return <Context value={value}>{children}</Context>;
}

function useValue(): WindowValue {
  const value = useContext(Context);
  if (value === null) throw new Error('a part of the window stands outside its provider');
  return value;
}

/** @param select must give the same reference for the same state */
export function useWindow<T>(select: (state: WindowState) => T): T {
  return useStore(useValue().store, select);
}

export function useActions(): WindowActions {
  return useValue().actions;
}

/** For uploads, downloads, and calls that belong to one screen alone. */
export function useHost(): Host {
  return useValue().host;
}

/** For reading the state at the moment of an event, without following it. */
export function useWindowStore(): WindowStore {
  return useValue().store;
}

/** The workflow at the email service. @param select must give the same reference for the same state */
export function useService<T>(select: (state: ServiceState) => T): T {
  return useStore(useValue().service.store, select);
}

/** The workflow at one service. */
export function useAt(target: EspTarget): AtService {
  return useService(({ at }) => at[target]);
}

export function useServiceActions(): Service['actions'] {
  return useValue().service.actions;
}

/** The account that is pulled, and the files there are to open. @param select must give the same reference for the same state */
export function useAccount<T>(select: (state: AccountState) => T): T {
  return useStore(useValue().account.store, select);
}

export function useAccountActions(): Account['actions'] {
  return useValue().account.actions;
}
