/** The editor panels that the worker tells: of builds, of comparisons, of containers, of traffic, of objects, of time, of tours. */
import * as vscode from 'vscode';
import { registerBuildPanel } from '../build/buildPanel.ts';
import { registerComparison } from '../container/compare.ts';
import { registerContainerPanel } from '../container/containerPanel.ts';
import { registerMap } from '../map/mapPanel.ts';
import { registerObjectPanel } from '../object/objectPanel.ts';
import type { ClockCommands } from '../clock/clockCommands.ts';
import type { Services } from '../services.ts';
import { registerTimeline } from '../timeline/timeline.ts';
import { registerTours } from '../tour/tours.ts';

export function registerPanelSurfaces(services: Services, clock: ClockCommands): vscode.Disposable {
  return vscode.Disposable.from(
    registerBuildPanel(services),
    registerComparison(services),
    registerContainerPanel(services),
    registerMap(services),
    registerObjectPanel(services),
    registerTimeline(services, clock),
    registerTours(services),
  );
}
